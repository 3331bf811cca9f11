import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * A secret that is made once and kept beside the data, readable by its owner alone.
 *
 * @param make called when the file does not exist yet
 */
export function keptSecret(path: string, make: () => string): string {
  try {
    const secret = readFileSync(path, 'utf8').trim()
    chmodSync(path, 0o600)
    if (secret === '') throw new Error(`${path} is empty. Delete it to have a new secret made.`)
    return secret
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  const secret = make()
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, `${secret}\n`, { mode: 0o600, flag: 'wx' })
  return secret
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
