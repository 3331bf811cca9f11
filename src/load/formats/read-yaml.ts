import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml'
import { messageOf } from '../../errors.ts'
import type { Path, Place } from '../problem.ts'
import type { CrewFolder } from './format.ts'
import { readText } from './read-text.ts'

/**
 * A token is a key, a text, a bracket, a line break. A crew of a hundred agents has about 5,000. Composing 256 kB of
 * nothing but tokens takes half a second, counting them 20 ms.
 */
const MAX_TOKENS = 20_000
const MAX_ALIASES = 100

/** What is wrong, and its offset in the text. */
interface Flaw {
  readonly message: string
  readonly offset: number
}

/** The value of a YAML file (1.2, with merge keys), and the place of its top; null, and problems, when it has none. */
export async function readYaml(
  folder: CrewFolder,
  file: string,
): Promise<{ readonly value: unknown; readonly place: Place } | null> {
  const text = await readText(folder, file)
  if (text === null) return null
  const top = { file, path: [] }
  const excess = findExcess(text)
  if (excess !== null) {
    folder.report.add('file-unreadable', top, excess)
    return null
  }
  const lineCounter = new LineCounter()
  // The package compares each key with every other one; findFlaws does that in linear time.
  const document = parseDocument(text, {
    lineCounter,
    merge: true,
    prettyErrors: false,
    uniqueKeys: false,
  })
  const positionOf = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset)
    return { line, column: col }
  }
  const flaws = findFlaws(document)
  for (const { message, offset } of flaws) {
    const { line, column } = positionOf(offset)
    folder.report.add('syntax', top, `line ${line}, column ${column}: ${message}`)
  }
  if (flaws.length > 0) return null
  const locate = (path: Path) => positionOf(offsetOf(document, path))
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    return { value, place: { ...top, locate } }
  } catch (error) {
    folder.report.add('file-unreadable', top, `cannot be read: ${messageOf(error)}`)
    return null
  }
}

/** Of the key or list item that the path ends with, or of the last one on its way that is there. */
function offsetOf(document: Document.Parsed, path: Path): number {
  let node: unknown = document.contents
  let offset = 0
  for (const part of path) {
    if (isMap(node)) {
      // Of a key that is there twice the later one counts. What a merge brings in has no place of its own.
      const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === part)
      if (pair === undefined) return offset
      offset = startOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part]
      offset = startOf(node) ?? offset
    } else return offset
  }
  return offset
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0]
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

function findFlaws(document: Document.Parsed): readonly Flaw[] {
  const [error = document.warnings[0]] = document.errors
  // Later errors of the parser are mostly about its own confusion.
  if (error !== undefined) return [{ message: describeError(error), offset: error.pos[0] }]
  const flaws: Flaw[] = []
  const add = (node: { readonly range?: readonly number[] | null }, message: string) =>
    flaws.push({ message, offset: node.range?.[0] ?? 0 })
  visit(document, {
    Alias: (_, alias, ancestors) => {
      const target = alias.resolve(document)
      if (target === undefined) add(alias, `there is no anchor &${alias.source} above`)
      else if (ancestors.includes(target)) add(alias, `&${alias.source} contains itself`)
    },
    Map: (_, map) => {
      const seen = new Set<string>()
      for (const { key } of map.items) {
        if (!isScalar(key)) {
          add(map, 'a key must be a text')
          continue
        }
        const name = String(key.value)
        if (seen.has(name)) add(key, `the key ${name} is there twice`)
        seen.add(name)
      }
    },
  })
  return flaws
}

function describeError({ code, message }: YAMLError): string {
  if (code === 'RESOURCE_EXHAUSTION') return 'lists or maps are nested too deeply'
  // Nearly always `role: {topic} Expert`, where the parser has read a map and stumbles over the rest.
  if (code === 'UNEXPECTED_TOKEN')
    return `${message}; a text that starts with {, [ or a quote stands in quotes, or below a >`
  return message
}
