import { posix } from 'node:path'
import { type Expr, literalOf, type Node, type Syntax, walk } from '../formats/python/nodes.ts'
import { parsePython } from '../formats/python/parse.ts'
import type { ProjectFiles } from '../formats/python/project/project-files.ts'

/** An input of a crew, with a value that the project itself gave it; undefined: it gave none that can be read. */
export interface Example {
  readonly name: string
  readonly example: string | number | boolean | undefined
}

/** Longer values, such as whole documents, are no examples. */
const MAX_CHARACTERS = 200
/** Where projects kick their crews off, beside the files of the crew and above them. */
const STARTERS = ['main.py', 'run.py', 'app.py']

/**
 * Values for the inputs of a crew, from calls of `kickoff(inputs={…})` in the project.
 *
 * @param from a file of the crew
 */
export function kickoffExamples(
  inputs: readonly string[],
  from: string,
  files: ProjectFiles,
): readonly Example[] {
  const entries = startersOf(from).flatMap((file) => entriesIn(file, files))
  // Of several the first one.
  const found = new Map(entries.toReversed())
  return inputs.map((name) => ({ name, example: found.get(name) }))
}

type Given = readonly [name: string, value: string | number | boolean]

function entriesIn(file: string, files: ProjectFiles): readonly Given[] {
  const text = files.peek(file)
  if (text === null || !/\bkickoff/.test(text)) return []
  const parsed = parsePython(text, file)
  if ('flaw' in parsed) return []
  const { syntax } = parsed
  return inputsIn(syntax).flatMap((dict) => entriesOf(dict, syntax))
}

/** In one line, for a comment. */
export function describeExample({ name, example }: Example): string {
  if (example === undefined) return name
  const text = JSON.stringify(example).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
  return `${name}, e.g. ${text}`
}

function startersOf(from: string): readonly string[] {
  const folders: string[] = []
  for (let at = posix.dirname(from); ; at = posix.dirname(at)) {
    folders.push(at)
    if (at === '.' || at === '/') break
  }
  return [
    ...new Set([from, ...folders.flatMap((at) => STARTERS.map((file) => posix.join(at, file)))]),
  ]
}

/** The maps that kickoffs are given, as they are or by their names. */
function inputsIn({ body }: Syntax): readonly Node<'Dict'>[] {
  const nodes = body.flatMap(walk)
  const named = new Map<string, Node<'Dict'>>()
  for (const node of nodes)
    if (node.nodeType === 'Assign' && node.value.nodeType === 'Dict')
      for (const target of node.targets)
        if (target.nodeType === 'Name') named.set(target.id, node.value)
  return nodes.flatMap((node) => {
    if (node.nodeType !== 'Call' || node.func.nodeType !== 'Attribute') return []
    if (!/^kickoff(_async)?$/.test(node.func.attr)) return []
    const given = node.keywords.find(({ arg }) => arg === 'inputs')?.value ?? node.args[0]
    if (given?.nodeType === 'Dict') return [given]
    const dict = given?.nodeType === 'Name' ? named.get(given.id) : undefined
    return dict === undefined ? [] : [dict]
  })
}

function entriesOf({ keys, values }: Node<'Dict'>, syntax: Syntax): readonly Given[] {
  return keys.flatMap((key, at) => {
    const name = key === null || key === undefined ? undefined : plain(key, syntax)
    const value = values[at]
    const example = value === undefined ? undefined : plain(value, syntax)
    return typeof name === 'string' && example !== undefined ? [[name, example] as const] : []
  })
}

function plain(node: Expr, syntax: Syntax): string | number | boolean | undefined {
  if (node.nodeType !== 'Constant') return undefined
  const literal = literalOf(node, syntax)
  if (literal.kind === 'text')
    return literal.value.length <= MAX_CHARACTERS ? literal.value : undefined
  if (literal.kind === 'bool' || literal.kind === 'float') return literal.value
  return literal.kind === 'int' && typeof literal.value === 'number' ? literal.value : undefined
}
