import { randomBytes } from 'node:crypto'
import { Kysely, SqliteDialect } from 'kysely'
import { type Logger, pino } from 'pino'
import type { Database, Tables, Tx } from './database.ts'
import { groupCommit } from './group-commit.ts'
import { createHealth } from './health.ts'
import { migrate } from './migrate.ts'
import { createBackups } from './sqlite/backups.ts'
import { keepStatements, shortcutTo } from './sqlite/kept-statements.ts'
import { openSqlite } from './sqlite/open-sqlite.ts'
import { takeShortcut } from './statement.ts'

const SQLITE_SCHEME = 'sqlite:'

/**
 * Opens the database and brings its tables up to date.
 *
 * @param url `sqlite:<path>`
 * @throws Error for people: unknown scheme, in use, damaged, not writable, made by a newer version
 */
export async function openDatabase(
  url: string,
  log: Logger = pino({ level: 'silent' }),
): Promise<Database> {
  if (!url.startsWith(SQLITE_SCHEME))
    throw new Error(
      `DATABASE_URL must start with ${SQLITE_SCHEME}, e.g. sqlite:./data/coxswain.db.`,
    )
  const sqlite = openSqlite(url.slice(SQLITE_SCHEME.length))
  const health = createHealth({ probe: () => commit(probe), log })
  const database = keepStatements(sqlite, health.report)
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
  takeShortcut(db, shortcutTo(sqlite, database))
  const { commit, idle } = groupCommit(db)
  try {
    await migrate(db)
  } catch (error) {
    health.close()
    await db.destroy()
    throw error
  }
  const backups = createBackups(sqlite)
  return {
    db,
    commit,
    health,
    backup: backups.backup,
    close: async () => {
      health.close()
      await backups.close()
      await idle()
      await db.destroy()
    },
  }
}

/** About as much as a step writes, and other bytes each time: what is there already would not be written. */
const PROBE_BYTES = 24 * 1024

async function probe(tx: Tx): Promise<void> {
  const filler = randomBytes(PROBE_BYTES).toString('hex')
  await tx
    .insertInto('probes')
    .values({ id: 1, filler })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ filler }))
    .execute()
}
