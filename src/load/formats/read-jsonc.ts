import {
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import { messageOf } from '../../errors.ts'
import type { Path, Position } from '../problem.ts'
import type { CrewFolder } from './format.ts'
import { readText } from './read-text.ts'
import type { ReadFile } from './read-yaml.ts'

/** A JSON file with comments and trailing commas; null, and a problem, when it cannot be read. */
export async function readJsonc(folder: CrewFolder, file: string): Promise<ReadFile | null> {
  const { report } = folder
  const text = await readText(folder, file)
  if (text === null) return null
  const positionOf = positionsIn(text)
  const placeOf = (offset: number, path: Path = []) => ({
    file,
    path,
    locate: () => positionOf(offset),
  })
  try {
    const errors: ParseError[] = []
    const tree = parseTree(text, errors, { allowTrailingComma: true })
    // Later errors mostly follow from the first.
    const [error] = errors
    if (error !== undefined) {
      report.add('syntax', placeOf(error.offset), describeError(error))
      return null
    }
    if (tree === undefined) return null
    for (const { path, node, counting } of repeatedKeys(tree, []))
      report.add(
        'key-twice',
        placeOf(node.offset, path),
        `is there again in line ${positionOf(counting.offset).line}, where it counts; remove one of the two`,
      )
    const locate = (path: Path) => positionOf(offsetOf(tree, path))
    return { value: getNodeValue(tree), place: { file, path: [], locate } }
  } catch (error) {
    // The parser recurses: thousands of brackets exhaust the call stack.
    report.add('file-unreadable', { file, path: [] }, `cannot be read: ${messageOf(error)}`)
    return null
  }
}

interface RepeatedKey {
  readonly path: Path
  readonly node: Node
  readonly counting: Node
}

/** Python's JSON takes the last of them. */
function repeatedKeys(around: Node, path: Path): readonly RepeatedKey[] {
  const { type, children = [] } = around
  if (type === 'array') return children.flatMap((item, at) => repeatedKeys(item, [...path, at]))
  const last = new Map(children.map((property) => [nameOf(property), property]))
  return children.flatMap((node) => {
    const name = nameOf(node)
    const own = [...path, name]
    const counting = last.get(name) ?? node
    const value = node.children?.[1]
    const inner = value === undefined ? [] : repeatedKeys(value, own)
    return counting === node ? inner : [{ path: own, node, counting }]
  })
}

/** Of the key or list item that the path ends with, or of the last one on its way that is there. */
function offsetOf(tree: Node, path: Path): number {
  let node: Node | undefined = tree
  let { offset } = tree
  for (const part of path) {
    const children: readonly Node[] = node?.children ?? []
    const isArray: boolean = node?.type === 'array'
    const found: Node | undefined = isArray
      ? children[Number(part)]
      : children.findLast((property) => nameOf(property) === part)
    if (found === undefined) return offset
    offset = found.offset
    node = isArray ? found : found.children?.[1]
  }
  return offset
}

function nameOf({ children }: Node): string {
  return String(children?.[0]?.value)
}

/** Where offsets are, each told in the time it takes to halve the lines until one is left. */
function positionsIn(text: string): (offset: number) => Position {
  let starts: readonly number[] | null = null
  return (offset) => {
    starts ??= [
      0,
      ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ 0: end, index }) => index + end.length),
    ]
    let [low, high] = [0, starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}

const ERRORS: Readonly<Partial<Record<ReturnType<typeof printParseErrorCode>, string>>> = {
  CloseBraceExpected: 'a { that is opened is not closed; write } here, or a comma before this',
  CloseBracketExpected: 'a [ that is opened is not closed; write ] here, or a comma before this',
  ColonExpected: 'a colon is missing between a key and its value',
  CommaExpected: 'a comma is missing before this',
  EndOfFileExpected: 'is behind the end of the value that the file has',
  InvalidCharacter:
    'is a character that may not stand here; in a text write a line break as \\n, a tab as \\t',
  InvalidEscapeCharacter: 'this \\ is no escape that JSON knows; write it twice',
  InvalidSymbol:
    "is no value; a text stands in double quotes, Python's True, False and None are true, false and null",
  PropertyNameExpected: 'a key in double quotes is expected here',
  UnexpectedEndOfComment: 'a comment that is opened with /* is not closed',
  UnexpectedEndOfString:
    'a text that is opened with a quote is not closed in its line; write a line break as \\n',
  ValueExpected: 'a value is expected here',
}

function describeError({ error }: ParseError): string {
  const name = printParseErrorCode(error)
  // `InvalidUnicode` becomes `invalid unicode`.
  return ERRORS[name] ?? name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()
}
