import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { platform } from 'node:os'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { messageOf } from '../../errors.ts'
import { assertIntact } from './assert-intact.ts'
import { removeLeftCopy } from './backup.ts'
import { openingProblem } from './opening-problem.ts'
import type { SqliteFile } from './sqlite-file.ts'

const IN_MEMORY = ':memory:'

/**
 * Opens (or makes) the database file and takes it for this process alone: a second process is refused until this one
 * ends, however it ends. Its directory is made closed to other users of the machine, and must be.
 *
 * @param path of the file, or `:memory:`
 * @throws Error for people: in use, open to others, not writable, damaged, not a database
 */
export function openSqlite(path: string): SqliteFile {
  if (path !== IN_MEMORY) makePrivateDirectory(dirname(path))
  let database: Sqlite.Database | undefined
  let fd: number | null = null
  const close = () => {
    database?.close()
    // Only now: SQLite's locks on the file would end with any other that is closed (POSIX).
    if (fd !== null) closeSync(fd)
  }
  try {
    database = new Sqlite(path, { timeout: 0 })
    takeExclusively(database)
    if (path !== IN_MEMORY) {
      fd = openSync(path, 'r')
      removeLeftCopy(path)
      assertIntact(database, fd)
    }
    return { database, fd, close }
  } catch (cause) {
    close()
    throw new Error(`The database ${path} cannot be opened: ${openingProblem(cause, path)}.`, {
      cause,
    })
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

function takeExclusively(database: Sqlite.Database): void {
  database.pragma('locking_mode = EXCLUSIVE')
  database.pragma('journal_mode = WAL')
  // FULL: a commit is on disk before it is acknowledged, also when the power fails.
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  database.exec('BEGIN EXCLUSIVE; COMMIT')
}
