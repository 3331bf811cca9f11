import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listPython } from './list-python.ts'

/** The first 32 hex digits of a SHA-256 over all Python of a project, whichever of it is loaded in the end. */
export function hashSources(dir: string): string {
  const hash = createHash('sha256')
  for (const file of listPython(dir)) hash.update(`${file}\0`).update(read(join(dir, file)))
  return hash.digest('hex').slice(0, 32)
}

/** What is gone by now has no text. */
function read(path: string): Uint8Array | string {
  try {
    return readFileSync(path)
  } catch {
    return ''
  }
}
