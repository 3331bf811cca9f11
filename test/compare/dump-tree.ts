import type { Located } from 'py-ast'
import {
  type Literal,
  literalOf,
  type Node,
  type Syntax,
} from '../../src/load/formats/python/nodes.ts'

/** What only this parser has, and what the dump of CPython leaves out as well. */
const LEFT_OUT = new Set([
  'nodeType',
  'lineno',
  'col_offset',
  'end_lineno',
  'end_col_offset',
  'inlineComment',
  'comments',
  'ctx',
  'kind',
  'quote_style',
  'simple',
  'type_comment',
  'type_ignores',
])

/** Our syntax tree as `dump_ast.py` writes CPython's. */
export function dumpTree(node: unknown, syntax: Syntax, placed = true): unknown {
  if (Array.isArray(node)) return node.map((one) => dumpTree(one, syntax, placed))
  if (typeof node !== 'object' || node === null) return node
  const { nodeType } = node as { readonly nodeType: string }
  const place = placed && 'lineno' in node ? placeOf(node as Located) : null
  if (nodeType === 'Constant')
    return ['Constant', place, constant(literalOf(node as Node<'Constant'>, syntax))]
  if (nodeType === 'JoinedStr')
    return ['joinedstr', place, { values: parts(node as Node<'JoinedStr'>, syntax) }]
  const fields = Object.entries(node)
    .filter(([name, value]) => !LEFT_OUT.has(name) && isSaid(value))
    .map(([name, value]) => [name, dumpTree(value, syntax, placed)])
  return [nodeType.toLowerCase(), place, Object.fromEntries(fields)]
}

/** The text between the braces has no quotes of its own; before 3.12 CPython places what is in them elsewhere. */
function parts({ values }: Node<'JoinedStr'>, syntax: Syntax): readonly unknown[] {
  return values.map((part) =>
    part.nodeType === 'Constant'
      ? ['Constant', null, ['text', part.value]]
      : dumpTree(part, syntax, false),
  )
}

function placeOf({ lineno, col_offset: offset }: Located) {
  return [lineno, offset]
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)
}

function constant(literal: Literal): readonly unknown[] {
  switch (literal.kind) {
    case 'bool':
    case 'text':
      return [literal.kind, literal.value]
    case 'int':
      return ['int', String(literal.value)]
    case 'float':
      return ['float', pythonFloat(literal.value)]
    default:
      return [literal.kind]
  }
}

/** As Python writes it: `1e+16`, `1e-05`, `2.0`. */
function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const exponent = Math.floor(Math.log10(Math.abs(value)))
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    const [digits = '', power = '0'] = value.toExponential().split('e')
    const sign = power.startsWith('-') ? '-' : '+'
    return `${digits}e${sign}${power.replace(/^[+-]/, '').padStart(2, '0')}`
  }
  return Number.isInteger(value) ? value.toFixed(1) : String(value)
}
