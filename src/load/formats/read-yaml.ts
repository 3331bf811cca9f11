import { type Document, Lexer, LineCounter, parseDocument, visit } from 'yaml'
import { messageOf } from '../../errors.ts'
import type { Path, Place, Position } from '../problem.ts'
import type { CrewFolder } from './format.ts'
import { readText } from './read-text.ts'
import { findFlaws, findRepeatedKeys, isMerge, offsetOf } from './yaml-syntax.ts'

/**
 * A token is a key, a text, a bracket, a line break. A crew of a hundred agents has about 5,000. Composing 256 kB of
 * nothing but tokens takes half a second, counting them 20 ms.
 */
const MAX_TOKENS = 20_000
const MAX_ALIASES = 100

/** What a file says, and the place of its top. */
export interface ReadFile {
  readonly value: unknown
  readonly place: Place
}

/** A YAML file (1.2, with merge keys), as Python's YAML reads it; null, and problems, when it cannot be read. */
export async function readYaml(folder: CrewFolder, file: string): Promise<ReadFile | null> {
  const { report } = folder
  const text = await readText(folder, file)
  if (text === null) return null
  const fail = (message: string) => {
    report.add('file-unreadable', { file, path: [] }, message)
    return null
  }
  const excess = findExcess(text)
  if (excess !== null) return fail(excess)
  const { document, positionOf } = parse(text)
  const placeOf = (offset: number, path: Path = []) => ({
    file,
    path,
    locate: () => positionOf(offset),
  })
  const flaws = findFlaws(document)
  for (const { message, offset } of flaws) report.add('syntax', placeOf(offset), message)
  if (flaws.length > 0) return null
  for (const { path, offset, countingOffset } of findRepeatedKeys(document))
    report.add(
      'key-twice',
      placeOf(offset, path),
      `is there again in line ${positionOf(countingOffset).line}, where it counts; remove one of the two`,
    )
  const locate = (path: Path) => positionOf(offsetOf(document, path))
  mendForPython(document, text)
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    return { value, place: { file, path: [], locate } }
  } catch (error) {
    return fail(`cannot be read: ${messageOf(error)}`)
  }
}

/** Looks at the tokens alone, because a bomb goes off in the parser already. */
function findExcess(text: string): string | null {
  let tokens = 0
  let aliases = 0
  for (const token of new Lexer().lex(text)) {
    tokens += 1
    if (token.startsWith('*')) aliases += 1
    if (tokens > MAX_TOKENS) return `has more than ${MAX_TOKENS} keys, values, and line breaks`
    if (aliases > MAX_ALIASES) return `has more than ${MAX_ALIASES} aliases`
  }
  return null
}

function parse(text: string) {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, {
    lineCounter,
    merge: true,
    prettyErrors: false,
    // The package compares each key with every other one; findRepeatedKeys does that in linear time.
    uniqueKeys: false,
  })
  const positionOf = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset)
    return { line, column: col }
  }
  return { document, positionOf }
}

/**
 * Python's YAML ends a block of text at the end of a file with a line break only when the file has one there, and of two
 * merges into a map it lets the later one win.
 */
function mendForPython(document: Document.Parsed, text: string): void {
  const endsInLine = /[\r\n]$/.test(text)
  visit(document, {
    Map: (_, map) => {
      const merges = map.items.filter(isMerge)
      const others = map.items.filter((pair) => !isMerge(pair))
      if (merges.length > 1) map.items = [...merges.toReversed(), ...others]
    },
    Scalar: (_, scalar) => {
      const isBlock = scalar.type === 'BLOCK_FOLDED' || scalar.type === 'BLOCK_LITERAL'
      const { value, range } = scalar
      if (endsInLine || !isBlock || typeof value !== 'string') return
      if ((range?.[1] ?? 0) >= text.length) scalar.value = value.replace(/\n$/, '')
    },
  })
}
