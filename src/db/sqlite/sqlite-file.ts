import type Sqlite from 'better-sqlite3'

/** An open database. */
export interface SqliteFile {
  readonly database: Sqlite.Database
  /** Of the same file, to read it as it is; null: it is in memory. */
  readonly fd: number | null
  /** Closes both. */
  close(): void
}
