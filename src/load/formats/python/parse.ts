import { parse } from 'py-ast'
import { isMap } from '../../source.ts'
import { type At, columnOf, type Syntax } from './nodes.ts'

/** Characters of a module that is read. The parser takes linear time, about 150 ms for these. */
export const MAX_PYTHON_LENGTH = 256 * 1024

export interface Flaw {
  readonly message: string
  readonly at: At
}

export type Parsed = { readonly syntax: Syntax } | { readonly flaw: Flaw }

/** Parses a module; never throws, whatever the text is. */
export function parsePython(source: string, file: string): Parsed {
  const start = { file, line: 1, column: 1 }
  if (source.length > MAX_PYTHON_LENGTH)
    return { flaw: { at: start, message: 'is larger than 256 kB, the limit for a file of a crew' } }
  const text = normalize(source)
  const lines = text.split('\n')
  try {
    const { body } = parse(text, { filename: file })
    return { syntax: { file, lines, text, starts: startsOf(lines), body } }
  } catch (error) {
    if (error instanceof RangeError)
      return { flaw: { at: start, message: 'is nested too deeply to be read' } }
    return { flaw: describeError(error, file, lines) }
  }
}

function startsOf(lines: readonly string[]): readonly number[] {
  let start = 0
  return lines.map((line) => {
    const here = start
    start += line.length + 1
    return here
  })
}

/** What CPython takes as well: a byte order mark, a form feed between definitions, line breaks of any system. */
function normalize(source: string): string {
  return source
    .replace(/^\uFEFF/, '')
    .replaceAll('\f', ' ')
    .replaceAll(/\r\n?/g, '\n')
}

/** Of the parser's errors some carry their place, the others only name the line. */
function describeError(error: unknown, file: string, lines: readonly string[]): Flaw {
  const text = error instanceof Error ? error.message : String(error)
  const pattern = /^(.*?)(?: at line (\d+)(?:, column (\d+))?)?$/s
  const [, what = text, inText = '1', offsetInText = '0'] = pattern.exec(text) ?? []
  const { lineno, col_offset: offset } = isMap(error) ? error : {}
  const line = Math.min(typeof lineno === 'number' ? lineno : Number(inText), lines.length)
  const bytes = typeof offset === 'number' ? offset : Number(offsetInText)
  const column = columnOf(lines[line - 1] ?? '', bytes)
  return { at: { file, line, column }, message: `is not valid Python: ${reword(what)}` }
}

const REWORDED: readonly (readonly [RegExp, string])[] = [
  [/^Unterminated triple/i, 'a text that starts here with three quotes is not closed'],
  [/^Unterminated/i, 'a text is not closed; its quote is missing at the end of the line'],
  [/^Unexpected character '[“”‘’]'/, 'a curly quote is no quote in Python; use " or \''],
  [/^unexpected indent$/i, 'the line is indented further than the one above it'],
  [/^Expected indented block$/i, 'the line must be indented further than the one above it'],
  [/^Indentation error$/i, 'the line is indented like none of those above it'],
  [/^invalid decorator target$/i, 'a decorator must stand above a def or a class'],
  [/^(Unexpected token in expression|invalid syntax)$/i, 'this cannot stand here'],
]

function reword(what: string): string {
  const found = REWORDED.find(([pattern]) => pattern.test(what))
  if (found !== undefined) return found[1]
  const bracket = /^Expected '([)\]}])'/.exec(what)?.[1]
  if (bracket !== undefined)
    return `a ${bracket} is missing here, or a comma; the bracket that it closes may stand lines above`
  return what.charAt(0).toLowerCase() + what.slice(1)
}
