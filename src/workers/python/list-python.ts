import { type Dirent, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Folders deeper than this are no part of anybody's crews. */
const MAX_DEPTH = 10
/** Entries that are looked at; a project of CrewAI's has about 30. */
const MAX_ENTRIES = 5_000

/** What is never a crew's own code. */
const PASSED_OVER =
  /^(\..*|__pycache__|node_modules|site-packages|venv|env|virtualenv|dist|build|tests?|.*\.egg-info)$/

/**
 * The Python files of a project, from its folder, with forward slashes, sorted. It is looked through by breadth, so that
 * what lies far down is left out first.
 */
export function listPython(dir: string): readonly string[] {
  const found: string[] = []
  const folders = [{ path: '', depth: 0 }]
  let entries = 0
  for (const { path, depth } of folders) {
    const inside = list(join(dir, path)).filter(({ name }) => !PASSED_OVER.test(name))
    entries += inside.length
    if (entries > MAX_ENTRIES) break
    const named = (entry: Dirent) => (path === '' ? entry.name : `${path}/${entry.name}`)
    found.push(...inside.filter(({ name }) => name.endsWith('.py')).map(named))
    // Links to folders are not followed: they may lead anywhere, and back.
    const below = depth < MAX_DEPTH ? inside.filter((entry) => entry.isDirectory()) : []
    folders.push(...below.map((entry) => ({ path: named(entry), depth: depth + 1 })))
  }
  return found.sort()
}

function list(folder: string): readonly Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}
