import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import { messageOf } from '../../errors.ts'
import type { Path, Place, Position } from '../problem.ts'
import type { CrewFolder } from './format.ts'
import { readText } from './read-text.ts'

/** The value of a JSON file with comments and trailing commas, and the place of its top; null, and problems, when it has none. */
export async function readJsonc(
  folder: CrewFolder,
  file: string,
): Promise<{ readonly value: unknown; readonly place: Place } | null> {
  const text = await readText(folder, file)
  if (text === null) return null
  const top = { file, path: [] }
  try {
    const errors: ParseError[] = []
    const tree = parseTree(text, errors, { allowTrailingComma: true })
    const flaws = findFlaws(tree, errors)
    for (const { message, offset } of flaws) {
      const { line, column } = positionOf(text, offset)
      folder.report.add('syntax', top, `line ${line}, column ${column}: ${message}`)
    }
    if (tree === undefined || flaws.length > 0) return null
    const locate = (path: Path) => positionOf(text, offsetOf(tree, path))
    return { value: getNodeValue(tree), place: { ...top, locate } }
  } catch (error) {
    // The parser recurses: thousands of brackets exhaust the call stack.
    folder.report.add('file-unreadable', top, `cannot be read: ${messageOf(error)}`)
    return null
  }
}

/** Of the key or list item that the path ends with, or of the last one on its way that is there. */
function offsetOf(tree: Node, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(tree, path.slice(0, length))
    if (node !== undefined)
      return node.parent?.type === 'property' ? node.parent.offset : node.offset
  }
  return tree.offset
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

function positionOf(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split('\n')
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}
