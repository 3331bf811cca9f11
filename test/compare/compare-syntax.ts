import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parsePython } from '../../src/load/formats/python/parse.ts'
import { dumpTree } from './dump-tree.ts'
import type { Python } from './python.ts'
import { SNIPPETS } from './snippets.ts'
import { firstDifference, type Tally } from './tally.ts'

interface Source {
  readonly name: string
  readonly source: string
  /** Why it is known to be read otherwise. */
  readonly differs?: string
}

interface Parsed {
  readonly name: string
  readonly tree?: unknown
  readonly error?: string
}

/** Our parser against CPython's own, on the fixtures and on what is hard to parse. */
export async function compareSyntax(python: Python, root: string, tally: Tally): Promise<void> {
  const [major, minor] = python.version
  const files = globSync('test/**/*.py', { cwd: root }).sort()
  const sources: readonly Source[] = [
    ...files.map((name) => ({ name, source: readFileSync(join(root, name), 'utf8') })),
    ...SNIPPETS.filter(({ since: [a, b] = [3, 0] }) => major > a || minor >= b).map((snippet) => ({
      ...snippet,
      name: JSON.stringify(snippet.source),
    })),
  ]
  const lines = await python.run('dump_ast.py', [], JSON.stringify(sources))
  const theirs = new Map(
    lines.map((line) => {
      const parsed: Parsed = JSON.parse(line)
      return [parsed.name, parsed] as const
    }),
  )
  for (const source of sources) compareOne(source, theirs.get(source.name), tally)
}

function compareOne(
  { name, source, differs }: Source,
  theirs: Parsed | undefined,
  tally: Tally,
): void {
  const difference = differenceOf(name, source, theirs)
  if (differs !== undefined && difference === null)
    tally.fail(name, `is read alike now, no longer otherwise because ${differs}`)
  else if (differs === undefined && difference !== null) tally.fail(name, difference)
  else tally.pass()
}

function differenceOf(name: string, source: string, theirs: Parsed | undefined): string | null {
  const ours = parsePython(source, name)
  if (theirs === undefined) return 'CPython gave no answer'
  if ('flaw' in ours)
    return theirs.error === undefined ? `only we refuse it: ${ours.flaw.message}` : null
  return theirs.error === undefined
    ? firstDifference(dumpTree(ours.syntax.body, ours.syntax), theirs.tree, '')
    : `only CPython refuses it: ${theirs.error}`
}
