import { type ExprNode, type Located, PyComplex, type StmtNode } from 'py-ast'

/** An expression; `nodeType` tells which, by the names of CPython's `ast`. */
export type Expr = ExprNode
export type Stmt = StmtNode
/** One kind of node, e.g. `Node<'Call'>`. */
export type Node<Type extends (Expr | Stmt)['nodeType']> = Extract<
  Expr | Stmt,
  { readonly nodeType: Type }
>
export type ClassDef = Node<'ClassDef'>
export type FunctionDef = Node<'FunctionDef'> | Node<'AsyncFunctionDef'>
export type Call = Node<'Call'>

/** A file of Python, parsed. Nothing of it has run. */
export interface Syntax {
  /** As messages name it, e.g. `src/stock_analysis/crew.py`. */
  readonly file: string
  /** The lines of the text, for what stands at a node. */
  readonly lines: readonly string[]
  readonly body: readonly Stmt[]
}

/** Where something stands in a file; both count from 1, columns in characters. */
export interface At {
  readonly file: string
  readonly line: number
  readonly column: number
}

export type Literal =
  | { readonly kind: 'none' | 'ellipsis' | 'complex' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: number | bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'text' | 'bytes'; readonly value: string }

/** What a constant says. The parser gives `...` as a text without quotes, and `1.0` as the number 1. */
export function literalOf(node: Node<'Constant'>, syntax: Syntax): Literal {
  const { value, quote_style: quotes } = node
  if (value === null || value === undefined) return { kind: 'none' }
  if (typeof value === 'boolean') return { kind: 'bool', value }
  if (typeof value === 'bigint') return { kind: 'int', value }
  if (typeof value === 'number') return { kind: isFloat(node, syntax) ? 'float' : 'int', value }
  if (value instanceof PyComplex) return { kind: 'complex' }
  if (quotes === undefined) return { kind: 'ellipsis' }
  const prefix = /^\w*/.exec(quotes)?.[0] ?? ''
  return { kind: /b/i.test(prefix) ? 'bytes' : 'text', value: String(value) }
}

/** The text of a node as the file has it; its lines below the first keep their indentation. */
export function textOf(node: Located, { lines }: Syntax): string {
  const first = node.lineno - 1
  const last = (node.end_lineno ?? node.lineno) - 1
  const slice = lines.slice(first, last + 1)
  const from = toIndex(slice[0] ?? '', node.col_offset)
  const to = toIndex(slice.at(-1) ?? '', node.end_col_offset ?? Number.POSITIVE_INFINITY)
  if (slice.length === 1) return (slice[0] ?? '').slice(from, to)
  return [
    (slice[0] ?? '').slice(from),
    ...slice.slice(1, -1),
    (slice.at(-1) ?? '').slice(0, to),
  ].join('\n')
}

export function atOf(node: Located, { file, lines }: Syntax): At {
  return {
    file,
    line: node.lineno,
    column: columnOf(lines[node.lineno - 1] ?? '', node.col_offset),
  }
}

/** @param bytes before it in its line, as the parser counts */
export function columnOf(line: string, bytes: number): number {
  return toIndex(line, bytes) + 1
}

function isFloat(node: Node<'Constant'>, syntax: Syntax): boolean {
  const text = textOf(node, syntax)
  return /[.e]/i.test(text) && !/^0[xob]/i.test(text)
}

/** The parser counts columns in bytes of UTF-8, as CPython does. */
function toIndex(line: string, bytes: number): number {
  // Nearly every line is ASCII, where both are the same.
  if (/^[\0-\x7f]*$/.test(line)) return Math.min(bytes, line.length)
  let index = 0
  let seen = 0
  for (const character of line) {
    if (seen >= bytes) break
    seen += Buffer.byteLength(character)
    index += character.length
  }
  return index
}
