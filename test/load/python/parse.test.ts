import { expect, test } from 'vitest'
import {
  atOf,
  type Expr,
  literalOf,
  type Node,
  type Syntax,
  textOf,
} from '../../../src/load/formats/python/nodes.ts'
import { MAX_PYTHON_LENGTH, parsePython } from '../../../src/load/formats/python/parse.ts'

function parse(text: string): Syntax {
  const parsed = parsePython(text, 'a.py')
  if ('flaw' in parsed) throw new Error(parsed.flaw.message)
  return parsed.syntax
}

function flawOf(text: string): string {
  const parsed = parsePython(text, 'a.py')
  if ('syntax' in parsed) throw new Error('was accepted')
  const { at, message } = parsed.flaw
  return `${at.line}:${at.column}: ${message}`
}

function expression(syntax: Syntax): Expr {
  const [statement] = syntax.body
  if (statement?.nodeType !== 'Expr') throw new Error('no expression')
  return statement.value
}

function literal(text: string) {
  const syntax = parse(text)
  return literalOf(expression(syntax) as Node<'Constant'>, syntax)
}

test('constants keep their type where the parser loses it', () => {
  expect(literal('...')).toEqual({ kind: 'ellipsis' })
  expect(literal('"..."')).toEqual({ kind: 'text', value: '...' })
  expect(literal('"." ".."')).toEqual({ kind: 'text', value: '...' })
  expect(literal('b"ab"')).toEqual({ kind: 'bytes', value: 'ab' })
  expect(literal('Rb"ab"')).toEqual({ kind: 'bytes', value: 'ab' })
  expect(literal('r"\\n"')).toEqual({ kind: 'text', value: '\\n' })
  expect(literal('1.0')).toEqual({ kind: 'float', value: 1 })
  expect(literal('1e3')).toEqual({ kind: 'float', value: 1000 })
  expect(literal('0xe1')).toEqual({ kind: 'int', value: 225 })
  expect(literal('12345678901234567890')).toEqual({ kind: 'int', value: 12345678901234567890n })
  expect(literal('2j')).toEqual({ kind: 'complex' })
  expect(literal('None')).toEqual({ kind: 'none' })
  expect(literal('True')).toEqual({ kind: 'bool', value: true })
})

test('a byte order mark, form feeds and the line breaks of any system are read', () => {
  expect(parse('\uFEFFx = 1\r\n\f\ry = 2\n').body).toHaveLength(2)
})

test('columns count characters, not bytes', () => {
  const syntax = parse('"é😀" + name')
  const sum = expression(syntax) as Node<'BinOp'>
  expect(atOf(sum.right, syntax)).toEqual({ file: 'a.py', line: 1, column: 9 })
  expect(textOf(sum.left, syntax)).toBe('"é😀"')
  expect(flawOf('x = "日本" 5')).toMatch(/^1:10: /)
})

test('the text of an expression over several lines is the text of the file', () => {
  const syntax = parse('(f(a,\n   # why\n   b))')
  expect(textOf(expression(syntax), syntax)).toBe('f(a,\n   # why\n   b)')
})

test('what is no Python is refused with its line, its column and what to do', () => {
  expect(flawOf('x = 1\nname = "abc\n')).toBe(
    '2:1: is not valid Python: a text is not closed; its quote is missing at the end of the line',
  )
  expect(flawOf('if x:\npass')).toBe(
    '2:1: is not valid Python: the line must be indented further than the one above it',
  )
  expect(flawOf('x = [1,\ny = 2\n')).toBe(
    '2:3: is not valid Python: a ] is missing here, or a comma; the bracket that it closes may stand lines above',
  )
  expect(flawOf('x = “a”')).toBe(
    '1:5: is not valid Python: a curly quote is no quote in Python; use " or \'',
  )
  expect(flawOf('class {{name}}:\n  pass')).toBe('1:7: is not valid Python: expected class name')
})

test('a file that would take the parser long or down is refused', () => {
  expect(flawOf('#'.repeat(MAX_PYTHON_LENGTH + 1))).toMatch(/larger than 256 kB/)
  expect(flawOf(`x = ${'('.repeat(50_000)}`)).toMatch(/nested too deeply/)
  expect(flawOf(`x = ${'not '.repeat(50_000)}y`)).toMatch(/nested too deeply/)
})
