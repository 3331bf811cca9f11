import {
  type ASTNodeUnion,
  type ExprNode,
  iterChildNodes,
  type Located,
  PyComplex,
  type StmtNode,
} from 'py-ast'

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
  readonly lines: readonly string[]
  readonly text: string
  /** Where each line starts in the text. */
  readonly starts: readonly number[]
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
export function textOf(node: Located, syntax: Syntax): string {
  const [start, end] = rangeOf(node, syntax)
  return syntax.text.slice(start, end)
}

/** Where a node starts and ends in the text of its file. */
export function rangeOf(node: Located, { lines, starts }: Syntax): readonly [number, number] {
  const index = (line: number, bytes: number) =>
    (starts[line - 1] ?? 0) + toIndex(lines[line - 1] ?? '', bytes)
  const { lineno, col_offset: offset, end_lineno: endLine, end_col_offset: endOffset } = node
  return [index(lineno, offset), index(endLine ?? lineno, endOffset ?? offset)]
}

/** A node and all that it is made of, from the outside to the inside. */
export function walk(node: Expr | Stmt): readonly ASTNodeUnion[] {
  const found: ASTNodeUnion[] = [node]
  for (const next of found) found.push(...iterChildNodes(next))
  return found
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
