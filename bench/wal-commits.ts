import { readFileSync } from 'node:fs'

const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24

export interface WalCommits {
  /** Another one: the log was begun anew in between. */
  readonly generation: string
  readonly commits: number
}

/**
 * Transactions in a write-ahead log of SQLite, read from outside: frames that end one carry the size of the database.
 * Source: https://www.sqlite.org/fileformat2.html#walformat
 */
export function walCommits(file: string): WalCommits {
  const wal = readFileSync(file)
  const frameBytes = FRAME_HEADER_BYTES + wal.readUInt32BE(8)
  const salts = wal.toString('hex', 16, 24)
  let commits = 0
  for (let at = HEADER_BYTES; at + frameBytes <= wal.length; at += frameBytes) {
    // What follows was left by an earlier generation.
    if (wal.toString('hex', at + 8, at + 16) !== salts) break
    if (wal.readUInt32BE(at + 4) > 0) commits += 1
  }
  return { generation: salts, commits }
}
