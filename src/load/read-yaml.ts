import {
  type Document,
  isScalar,
  Lexer,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml'
import { messageOf } from '../errors.ts'
import { readText } from './read-text.ts'
import type { CrewFolder } from './source.ts'

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

/** The value of a YAML file (1.2, with merge keys); undefined, and problems, when it has none. */
export async function readYaml(folder: CrewFolder, file: string): Promise<unknown> {
  const text = await readText(folder, file)
  if (text === null) return undefined
  const place = { file, path: [] }
  const excess = findExcess(text)
  if (excess !== null) {
    folder.report.error(place, excess)
    return undefined
  }
  const lineCounter = new LineCounter()
  // The package compares each key with every other one; findFlaws does that in linear time.
  const document = parseDocument(text, {
    lineCounter,
    merge: true,
    prettyErrors: false,
    uniqueKeys: false,
  })
  const flaws = findFlaws(document)
  for (const { message, offset } of flaws) {
    const { line, col } = lineCounter.linePos(offset)
    folder.report.error(place, `line ${line}, column ${col}: ${message}`)
  }
  if (flaws.length > 0) return undefined
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (error) {
    folder.report.error(place, `cannot be read: ${messageOf(error)}`)
    return undefined
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
