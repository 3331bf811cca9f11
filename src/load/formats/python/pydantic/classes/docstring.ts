import type { ClassDef, FunctionDef, Stmt } from '../../nodes.ts'

/** The docstring of a class or a function, as `inspect.cleandoc` gives it; null: it has none. */
export function docstringOf({ body }: ClassDef | FunctionDef): string | null {
  const text = textStatement(body[0])
  return text === null || text === '' ? null : cleanDocstring(text)
}

/** A statement that is nothing but a text. */
export function textStatement(statement: Stmt | undefined): string | null {
  if (statement?.nodeType !== 'Expr' || statement.value.nodeType !== 'Constant') return null
  const { value, quote_style: quotes } = statement.value
  return typeof value === 'string' && quotes !== undefined && !/^\w*b/i.test(quotes) ? value : null
}

/** The indentation of the first line and that of the others taken away, and empty lines around them. */
export function cleanDocstring(text: string): string {
  const [first = '', ...rest] = text.replaceAll('\t', '        ').split('\n')
  const depths = rest
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length)
  const depth = depths.length === 0 ? 0 : Math.min(...depths)
  const lines = [first.trimStart(), ...rest.map((line) => line.slice(depth))]
  const from = lines.findIndex((line) => line !== '')
  const to = lines.findLastIndex((line) => line !== '')
  return from === -1 ? '' : lines.slice(from, to + 1).join('\n')
}
