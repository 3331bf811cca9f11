import { accessSync, constants } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf } from '../../errors.ts'
import { type Trouble, troubleOf } from '../trouble.ts'

const RESTORE =
  'Stop here, keep the file, and put a backup in its place (without the files ending in -wal and -shm)'

/** Why a database file cannot be opened, in the words of who has to do something about it. */
export function openingProblem(error: unknown, path: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('SQLITE_BUSY'))
    return 'another process is using it. One SQLite file serves one Coxswain; stop the other one, or give this one its own DATABASE_URL'
  const trouble = troubleOf(error)
  return trouble === null
    ? messageOf(error)
    : describe(trouble, `${messageOf(error)}, ${code}`, path)
}

function describe(trouble: Trouble, reason: string, path: string): string {
  if (trouble === 'corrupt') return `it is damaged, or no database at all (${reason}). ${RESTORE}`
  if (trouble === 'full') return 'its disk is full'
  // SQLite calls a disk that was mounted read-only "disk I/O error".
  const refusal = writeRefusal(dirname(path)) ?? writeRefusal(path)
  return refusal === null
    ? `its disk reports errors (${reason})`
    : `it cannot be written (${refusal}). Mount its disk for writing, or let this user write there`
}

function writeRefusal(path: string): string | null {
  try {
    accessSync(path, constants.W_OK)
    return null
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
      ? null
      : messageOf(error)
  }
}
