import { Kysely } from 'kysely'
import type { Database, Tables } from './database.ts'
import { groupCommit } from './group-commit.ts'
import { migrate } from './migrate.ts'
import { openSqlite } from './sqlite.ts'

const SQLITE_SCHEME = 'sqlite:'

/**
 * Opens the database and brings its tables up to date.
 *
 * @param url `sqlite:<path>`
 * @throws Error for people: unknown scheme, in use, made by a newer version
 */
export async function openDatabase(url: string): Promise<Database> {
  if (!url.startsWith(SQLITE_SCHEME))
    throw new Error(
      `DATABASE_URL must start with ${SQLITE_SCHEME}, e.g. sqlite:./data/coxswain.db.`,
    )
  const db = new Kysely<Tables>({ dialect: openSqlite(url.slice(SQLITE_SCHEME.length)) })
  const { commit, idle } = groupCommit(db)
  try {
    await migrate(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return {
    db,
    commit,
    close: async () => {
      await idle()
      await db.destroy()
    },
  }
}
