import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * A secret that is made once and kept beside the data, readable by its owner alone.
 *
 * @param make called when the file does not exist yet
 */
export function keptSecret(path: string, make: () => string): string {
  const kept = readSecret(path)
  if (kept !== null) {
    chmodSync(path, 0o600)
    return kept
  }
  const secret = make()
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, `${secret}\n`, { mode: 0o600, flag: 'wx' })
  return secret
}

/** Null when there is none. */
export function readSecret(path: string): string | null {
  try {
    const secret = readFileSync(path, 'utf8').trim()
    if (secret === '') throw new Error(`${path} is empty. Delete it to have a new secret made.`)
    return secret
  } catch (error) {
    if (!isMissing(error)) throw error
    return null
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
