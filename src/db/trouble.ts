import { AppError } from '../errors.ts'

/** What is wrong with the database as a whole, so that nothing new should be begun on it. */
export type Trouble = 'full' | 'failing' | 'readOnly' | 'corrupt'

/** By the beginning of the code. Source: SQLite's list of result codes; the extended ones begin like the primary one. */
const TROUBLES: readonly (readonly [prefix: string, trouble: Trouble])[] = [
  ['SQLITE_FULL', 'full'],
  ['SQLITE_IOERR', 'failing'],
  ['SQLITE_CANTOPEN', 'failing'],
  ['SQLITE_READONLY', 'readOnly'],
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_NOTADB', 'corrupt'],
]

/** What an error, or one of its causes, says of the database as a whole; null: nothing. */
export function troubleOf(error: unknown): Trouble | null {
  if (!(error instanceof Error)) return null
  const code = 'code' in error ? String(error.code) : ''
  const found = TROUBLES.find(([prefix]) => code.startsWith(prefix))
  return found === undefined ? troubleOf(error.cause) : found[1]
}

const REASONS: Readonly<Record<Exclude<Trouble, 'full'>, string>> = {
  failing: 'The disk of the database reports errors.',
  readOnly: 'The database can only be read.',
  corrupt: 'The database is damaged; whoever runs this server must restore a backup.',
}

/** What the caller of the API is told. */
export function troubleError(trouble: Trouble): AppError {
  return trouble === 'full'
    ? new AppError('database_full')
    : new AppError('database_unavailable', { reason: REASONS[trouble] })
}
