import { glob, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** More Python than this has no folder of a crew, and looking is only for a message. */
const MAX_FILES = 200
const MAX_BYTES = 256 * 1024
const PASSED_OVER = /^(\..*|__pycache__|node_modules|site-packages|venv|env|dist|build|tests?)$/

export interface UnreadPython {
  /** Relative to the folder. */
  readonly file: string
  /** What it makes, where only running it would tell more. */
  readonly makes: 'a crew' | 'a flow'
}

/** The first file of a folder in which Python makes a crew or a flow, whether or not it can be read; null: none. */
export async function findUnreadPython(dir: string): Promise<UnreadPython | null> {
  const files = await listPython(dir)
  let flow: UnreadPython | null = null
  for (const file of files) {
    const text = await readSmall(join(dir, file))
    if (/\bCrew\s*\(/.test(text)) return { file, makes: 'a crew' }
    if (/^class\s+\w+\s*\(\s*Flow\b/m.test(text)) flow ??= { file, makes: 'a flow' }
  }
  return flow
}

async function listPython(dir: string): Promise<readonly string[]> {
  const found: string[] = []
  const paths = glob('**/*.py', { cwd: dir, exclude: (name) => PASSED_OVER.test(name) })
  for await (const path of paths) if (found.push(path.replaceAll('\\', '/')) >= MAX_FILES) break
  // Those at the top first: they are what somebody runs.
  return found.sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1))
}

function depthOf(file: string): number {
  return file.split('/').length
}

async function readSmall(path: string): Promise<string> {
  const entry = await stat(path).catch(() => null)
  if (entry === null || !entry.isFile() || entry.size > MAX_BYTES) return ''
  return readFile(path, 'utf8').catch(() => '')
}
