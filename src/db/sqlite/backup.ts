import { fstatSync, read as readCallback, rmSync } from 'node:fs'
import { type FileHandle, open, rm, statfs } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type Sqlite from 'better-sqlite3'
import { AppError } from '../../errors.ts'
import type { Backup } from '../database.ts'
import { troubleOf } from '../trouble.ts'
import type { SqliteFile } from './sqlite-file.ts'

const CHUNK_BYTES = 1024 * 1024
const PIECE_BYTES = 256 * 1024
/** So that what the server itself puts on disk meanwhile does not queue behind hundreds of megabytes. */
const CHUNKS_A_SYNC = 8
/** What the server goes on to write meanwhile. */
const RESERVE_BYTES = 16 * 1024 * 1024
/** SQLite's own default. */
const CHECKPOINT_PAGES = 1000

const read = promisify(readCallback)

/**
 * Copies the database beside itself while it is used, for whoever reads the copy. The copy has no name any more once it
 * is complete, so that it is gone with its reader, or with this process.
 *
 * In WAL mode the file changes by checkpoints alone. So right after one it is the whole database, and stays as it is
 * until the next, which is put off until it is copied. SQLite's own way to make a backup waits for the disk on the
 * loop: for 20 to 50 ms with 200 MB, and for 300 ms on a busy disk. This one held it for 5 to 9 ms.
 *
 * @throws AppError when there is no room; the signal's reason when aborted
 */
export async function backUp(source: SqliteFile, signal: AbortSignal): Promise<Backup> {
  const { database, fd } = source
  if (fd === null)
    throw new AppError('bad_request', { reason: 'A database in memory cannot be backed up.' })
  const path = copyOf(database.name)
  const sizeBytes = fstatSync(fd).size
  await assertRoom(database, sizeBytes)
  const copy = await open(path, 'w+', 0o600)
  try {
    checkpoint(database)
    await copyAll(fd, copy, signal)
    return {
      sizeBytes: (await copy.stat()).size,
      pour: (write) => pour(copy, write),
      [Symbol.asyncDispose]: () => copy.close(),
    }
  } catch (error) {
    await copy.close()
    throw isNoRoom(error) ? noRoom(sizeBytes) : error
  } finally {
    if (database.open) database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    await rm(path, { force: true })
  }
}

/** What a process that was killed during a copy left behind. */
export function removeLeftCopy(path: string): void {
  rmSync(copyOf(path), { force: true })
}

function copyOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.backup-in-progress`)
}

/** Brings everything into the file, and lets nothing more into it. */
function checkpoint(database: Sqlite.Database): void {
  database.pragma('wal_autocheckpoint = 0')
  const [result] = database.pragma('wal_checkpoint(PASSIVE)') as readonly Checkpoint[]
  if (result === undefined || result.log !== result.checkpointed)
    throw new Error('The write-ahead log could not be brought into the database.')
}

/** In pages. */
interface Checkpoint {
  readonly log: number
  readonly checkpointed: number
}

async function copyAll(fd: number, copy: FileHandle, signal: AbortSignal): Promise<void> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  for (let chunks = 1, at = 0; ; chunks += 1) {
    signal.throwIfAborted()
    const { bytesRead } = await read(fd, chunk, 0, CHUNK_BYTES, at)
    if (bytesRead === 0) return
    await copy.writeFile(chunk.subarray(0, bytesRead))
    at += bytesRead
    if (chunks % CHUNKS_A_SYNC === 0) await copy.datasync()
  }
}

/**
 * Into the same memory again and again: what a stream of the file asked for, 200 MB in new pieces, set off garbage
 * collections that held the loop for 35 to 40 ms each.
 */
async function pour(copy: FileHandle, write: (piece: Uint8Array) => Promise<void>): Promise<void> {
  const piece = Buffer.allocUnsafe(PIECE_BYTES)
  for (let at = 0; ; ) {
    const { bytesRead } = await copy.read(piece, 0, PIECE_BYTES, at)
    if (bytesRead === 0) return
    await write(piece.subarray(0, bytesRead))
    at += bytesRead
  }
}

async function assertRoom({ name }: Sqlite.Database, sizeBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(name))
  if (bavail * bsize < sizeBytes + RESERVE_BYTES) throw noRoom(sizeBytes)
}

function noRoom(sizeBytes: number): AppError {
  return new AppError('no_room_for_backup', { bytes: sizeBytes + RESERVE_BYTES })
}

function isNoRoom(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return code === 'ENOSPC' || troubleOf(error) === 'full'
}
