import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'

const EXTENSIONS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json']
/** JSON that is read as the crew's definition, which has a hash of its own. */
const DEFINITION = /^(crew\.json|agents\/[^/]+\.json)$/

/**
 * SHA-256 of the code that a crew brings: what may be imported from its folder, but for packages and hidden files.
 * Empty when there is none.
 */
export async function hashCode(dir: string): Promise<string> {
  const files = (await listCode(dir, '', new Set())).toSorted()
  if (files.length === 0) return ''
  const hash = createHash('sha256')
  for (const file of files) {
    hash.update(`${file}\n`)
    await addContent(hash, join(dir, file))
  }
  return hash.digest('hex')
}

/** @param seen real paths of folders, because links may lead back */
async function listCode(dir: string, folder: string, seen: Set<string>): Promise<string[]> {
  const path = join(dir, folder)
  const real = await realpath(path)
  if (seen.has(real)) return []
  seen.add(real)
  const names = (await readdir(path)).filter(
    (name) => !name.startsWith('.') && name !== 'node_modules',
  )
  const found: string[] = []
  for (const name of names.toSorted()) {
    const file = folder === '' ? name : `${folder}/${name}`
    // Follows links, of which mounted configuration consists.
    const entry = await stat(join(dir, file)).catch(() => null)
    if (entry?.isDirectory()) found.push(...(await listCode(dir, file, seen)))
    else if (entry?.isFile() && EXTENSIONS.includes(extname(name)) && !DEFINITION.test(file))
      found.push(file)
  }
  return found
}

/** A file that cannot be read is no error here: whoever imports it will say so. */
async function addContent(hash: Hash, path: string): Promise<void> {
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk)
  } catch {
    hash.update('cannot be read')
  }
}
