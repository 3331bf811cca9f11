import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Pair,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml'
import type { Path } from '../problem.ts'

/** What is wrong, and its offset in the text. */
export interface Flaw {
  readonly message: string
  readonly offset: number
}

/** A key that stands in the same map again. */
export interface RepeatedKey {
  readonly path: Path
  readonly offset: number
  /** Of the last one, which counts. */
  readonly countingOffset: number
}

/** What keeps a document from being taken. */
export function findFlaws(document: Document.Parsed): readonly Flaw[] {
  // The only warning that Python's YAML has an error for.
  const warning = document.warnings.find(({ code }) => code === 'TAG_RESOLVE_FAILED')
  // Later errors of the parser are mostly about its own confusion.
  const [error = warning] = document.errors
  if (error !== undefined) return [{ message: describeError(error), offset: error.pos[0] }]
  const flaws: Flaw[] = []
  const add = (node: object, message: string) => flaws.push({ message, offset: startOf(node) ?? 0 })
  visit(document, {
    Alias: (_, alias, ancestors) => {
      const target = alias.resolve(document)
      if (target === undefined)
        add(alias, `there is no anchor &${alias.source} above; a text that starts with * ${QUOTE}`)
      else if (ancestors.includes(target)) add(alias, `&${alias.source} contains itself`)
    },
    Map: (_, map) => {
      if (!map.items.every(({ key }) => isScalar(key)))
        add(map, `a key must be a text; a text that starts with { ${QUOTE}`)
      for (const { key, value } of map.items.filter(isMerge))
        if (!isMergeable(value, document))
          add(key as object, '<< takes a map, or a list of maps: <<: *another')
    },
  })
  return flaws
}

/** Python's YAML takes the last of them. */
export function findRepeatedKeys(document: Document.Parsed): readonly RepeatedKey[] {
  const repeated: RepeatedKey[] = []
  visit(document, {
    Map: (_, map, ancestors) => {
      const last = new Map(map.items.map((pair) => [nameOf(pair), pair]))
      if (last.size === map.items.length) return
      for (const pair of map.items) {
        const name = nameOf(pair)
        const counting = last.get(name) ?? pair
        // All merges are made.
        if (counting === pair || isMerge(pair)) continue
        repeated.push({
          path: [...pathOf([...ancestors, map]), name],
          offset: startOf(pair.key) ?? 0,
          countingOffset: startOf(counting.key) ?? 0,
        })
      }
    },
  })
  return repeated
}

/** Of the key or list item that the path ends with, or of the last one on its way that is there. */
export function offsetOf(document: Document.Parsed, path: Path): number {
  let node: unknown = document.contents
  let offset = 0
  for (const part of path) {
    if (isMap(node)) {
      // What a merge brings in has no place of its own.
      const pair = (node as YAMLMap).items.findLast((one) => nameOf(one) === part)
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

/** @param nodes from the document down, as the package's visitors are told */
function pathOf(nodes: readonly unknown[]): Path {
  return nodes.flatMap((node, depth): Path => {
    if (isPair(node)) return [nameOf(node)]
    return isSeq(node) && depth < nodes.length - 1 ? [node.items.indexOf(nodes[depth + 1])] : []
  })
}

function nameOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : ''
}

function isMergeable(value: unknown, document: Document.Parsed): boolean {
  const source = isAlias(value) ? value.resolve(document) : value
  const sources = isSeq(source) ? source.items : [source]
  return sources.every((one) => isMap(isAlias(one) ? one.resolve(document) : one))
}

/** Whether it is `<<: *another`. */
export function isMerge({ key }: Pair): boolean {
  return isScalar(key) && typeof key.value === 'symbol'
}

function startOf(node: unknown): number | undefined {
  return (node as { readonly range?: readonly number[] | null } | null | undefined)?.range?.[0]
}

const QUOTE = 'stands in quotes, or below a >'

/** What the parser's words mean to somebody who writes prompts. */
const ERRORS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_ALIAS: `a text that starts with * or & ${QUOTE}`,
  BAD_DQ_ESCAPE:
    'this \\ is no escape that YAML knows; in double quotes write it twice, or use single quotes',
  BAD_INDENT: 'is not indented like the lines that it belongs to',
  BAD_SCALAR_START: `a text that starts with @, % or a backtick ${QUOTE}`,
  BLOCK_AS_IMPLICIT_KEY: `is read as a map in a line of its own; a text with ": " in it ${QUOTE}`,
  MULTILINE_IMPLICIT_KEY:
    'is a line without a key; write "key: value", or indent the line when it belongs to the text above',
  MULTIPLE_DOCS: 'is a second document; a file has one, without a line of ---',
  RESOURCE_EXHAUSTION: 'lists or maps are nested too deeply',
  TAB_AS_INDENT: 'is indented with a tab; use spaces',
  // Nearly always `role: {topic} Expert`, where the parser has read a map and stumbles over the rest.
  UNEXPECTED_TOKEN: `is not expected here; a text that starts with {, [, * or a quote ${QUOTE}, which has its text in the next lines`,
}

function describeError({ code, message }: YAMLError): string {
  const known = ERRORS[code]
  if (known !== undefined) return known
  if (code === 'TAG_RESOLVE_FAILED') return `${message}; a text that starts with ! ${QUOTE}`
  return message.startsWith('Missing closing')
    ? 'a quote that is opened is not closed, or its text goes on in a line that is not indented'
    : message
}
