import type { Stmt } from './nodes.ts'

/** The text that a function or a class begins with, without the indentation that its lines share. */
export function docstringOf([first]: readonly Stmt[]): string | null {
  if (first?.nodeType !== 'Expr' || first.value.nodeType !== 'Constant') return null
  const text: unknown = first.value.value
  if (typeof text !== 'string' || first.value.quote_style === undefined) return null
  const [head = '', ...lines] = text.split('\n')
  const filled = lines.filter((line) => line.trim() !== '')
  const width = Math.min(...filled.map((line) => line.length - line.trimStart().length))
  return [head.trim(), ...lines.map((line) => line.slice(width).trimEnd())].join('\n').trim()
}
