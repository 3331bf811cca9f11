import { getCompileCacheDir } from 'node:module'
import { dirname, join } from 'node:path'
import { IS_SOURCE } from './files.ts'

/** Variables that hold the server's own secrets. Code of a crew may read any other, for keys of its own. */
export const SECRET_VARIABLES: readonly string[] = [
  'COXSWAIN_TOKEN',
  'WEBHOOK_SECRET',
  'ENCRYPTION_KEY',
  'DATABASE_URL',
]

/** Options of Node that are for the server, such as its debugger's port. */
const OWN_VARIABLES: readonly string[] = ['NODE_OPTIONS']

/** What the code of a crew finds in `process.env`. */
export function workerEnvironment(): Record<string, string> {
  const withheld = [...SECRET_VARIABLES, ...OWN_VARIABLES]
  const given = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !withheld.includes(entry[0]),
  )
  const cache = compileCache()
  return { ...(cache !== null && { NODE_COMPILE_CACHE: cache }), ...Object.fromEntries(given) }
}

/** Where Node keeps what it compiles: a worker starts in half the time. */
function compileCache(): string | null {
  const own = getCompileCacheDir()
  // Below the one it was given, it has a folder for each version of Node.
  if (own !== undefined) return dirname(own)
  return IS_SOURCE ? join(import.meta.dirname, '../../../node_modules/.cache/coxswain') : null
}
