import { mkdirSync, statSync } from 'node:fs'
import { platform } from 'node:os'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { type SqliteDatabase, SqliteDialect } from 'kysely'
import { messageOf } from '../errors.ts'

/**
 * Opens (or makes) the database file and takes it for this process alone: a second process is refused until this one
 * ends, however it ends. Its directory is made closed to other users of the
 * machine, and must be.
 *
 * @param path of the file, or `:memory:`
 * @throws Error for people: in use, open to others, not writable, not a database
 */
export function openSqlite(path: string): SqliteDialect {
  if (path !== ':memory:') makePrivateDirectory(dirname(path))
  return new SqliteDialect({ database: keepPrepared(openExclusively(path)) })
}

/** More than this program has; a filter in a list of any length makes a new one. */
const MAX_STATEMENTS = 500

/** Preparing a statement each time it is run took a fifth of the CPU time of a run. */
function keepPrepared(database: Sqlite.Database): SqliteDatabase {
  const statements = new Map<string, Sqlite.Statement<unknown[]>>()
  return {
    close: () => database.close(),
    prepare(sql) {
      const known = statements.get(sql)
      if (known !== undefined) return known
      const statement = database.prepare(sql)
      if (statements.size < MAX_STATEMENTS) statements.set(sql, statement)
      return statement
    },
  }
}

function makePrivateDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new Error(`The data directory ${directory} cannot be made: ${messageOf(cause)}`, {
      cause,
    })
  }
  // Windows has no such bits.
  const isOpen = platform() !== 'win32' && (statSync(directory).mode & 0o077) !== 0
  if (isOpen)
    throw new Error(
      `The data directory ${directory} is open to other users of this machine. Name a file in a folder of its own, such as ${join(directory, 'coxswain', 'coxswain.db')}, which is made closed to them; or close this one (mode 0700).`,
    )
}

function openExclusively(path: string): Sqlite.Database {
  let database: Sqlite.Database | undefined
  try {
    database = new Sqlite(path, { timeout: 0 })
    database.pragma('locking_mode = EXCLUSIVE')
    database.pragma('journal_mode = WAL')
    // FULL: a commit is on disk before it is acknowledged, also when the power fails.
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    database.exec('BEGIN EXCLUSIVE; COMMIT')
    return database
  } catch (cause) {
    database?.close()
    const isLocked = cause instanceof Sqlite.SqliteError && cause.code.startsWith('SQLITE_BUSY')
    const reason = isLocked
      ? 'another process is using it. One SQLite file serves one Coxswain; stop the other one, or give this one its own DATABASE_URL'
      : messageOf(cause)
    throw new Error(`The database ${path} cannot be opened: ${reason}.`, { cause })
  }
}
