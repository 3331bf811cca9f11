import {
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import { messageOf } from '../errors.ts'
import { readText } from './read-text.ts'
import type { CrewFolder } from './source.ts'

/** The value of a JSON file with comments and trailing commas; undefined, and problems, when it has none. */
export async function readJsonc(folder: CrewFolder, file: string): Promise<unknown> {
  const text = await readText(folder, file)
  if (text === null) return undefined
  const place = { file, path: [] }
  try {
    const errors: ParseError[] = []
    const tree = parseTree(text, errors, { allowTrailingComma: true })
    const flaws = findFlaws(tree, errors)
    for (const { message, offset } of flaws)
      folder.report.error(place, `${describePosition(text, offset)}: ${message}`)
    return tree === undefined || flaws.length > 0 ? undefined : getNodeValue(tree)
  } catch (error) {
    // The parser recurses: thousands of brackets exhaust the call stack.
    folder.report.error(place, `cannot be read: ${messageOf(error)}`)
    return undefined
  }
}

interface Flaw {
  readonly message: string
  readonly offset: number
}

/** The first syntax error, as later ones mostly follow from it; without one, the keys that are there twice. */
function findFlaws(tree: Node | undefined, [first]: readonly ParseError[]): readonly Flaw[] {
  if (first !== undefined) return [{ message: describeError(first), offset: first.offset }]
  return tree === undefined ? [] : repeatedKeys(tree)
}

function repeatedKeys({ type, children = [] }: Node): readonly Flaw[] {
  const keys = type === 'object' ? children.flatMap(({ children: [key] = [] }) => key ?? []) : []
  const seen = new Set<unknown>()
  const repeated = keys.filter(({ value }) => seen.size === seen.add(value).size)
  return [
    ...repeated.map(({ value, offset }) => ({
      message: `the key ${value} is there twice`,
      offset,
    })),
    ...children.flatMap(repeatedKeys),
  ]
}

/** `ColonExpected` becomes `colon expected`. */
function describeError({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
}

function describePosition(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n')
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`
}
