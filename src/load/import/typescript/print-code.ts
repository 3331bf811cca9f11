import { type Call, type Code, type Entry, keyOf, quote } from './code.ts'

/** Columns of a line, and of a step of indentation, as this house's crews have them. */
const WIDTH = 100
const STEP = 2
/** Keys that are shorter have their text in the same line, however long it is. */
const SHORT_KEY = 5
/** So many calls in a row stand in lines of their own, unless all that they are given is simple. */
const LONG_CHAIN = 3

/** Where a piece of code starts. */
interface Start {
  /** Of the lines that follow. */
  readonly indent: number
  /** Characters before it in its line, its indentation with them. */
  readonly column: number
  /** Characters that have to follow it in its last line. */
  readonly after: number
}

/** Code as Biome formats it, with a map always in several lines. */
export function printCode(code: Code, start: Start): string {
  const flat = flatOf(code)
  if (flat !== null && start.column + widthOf(flat) + start.after <= WIDTH) return flat
  switch (code.kind) {
    case 'raw':
    case 'text':
      return flat ?? ''
    case 'object':
      return inBraces(code.entries, start.indent)
    case 'array':
      return printArray(code.items, start.indent)
    case 'chain':
      return printChain(code.head, code.calls, start)
  }
}

export function inBraces(entries: readonly Entry[], indent: number): string {
  if (entries.length === 0) return '{}'
  const inner = indent + STEP
  const lines = entries.map((entry) => `${spaces(inner)}${printEntry(entry, inner)},\n`)
  return `{\n${lines.join('')}${spaces(indent)}}`
}

function printEntry({ name, value }: Entry, indent: number): string {
  const key = keyOf(name)
  const column = indent + widthOf(key) + 2
  const isTooLong = value.kind === 'text' && column + widthOf(quote(value.text)) + 1 > WIDTH
  if (isTooLong && widthOf(key) >= SHORT_KEY)
    return `${key}:\n${spaces(indent + STEP)}${quote(value.text)}`
  return `${key}: ${printCode(value, { indent, column, after: 1 })}`
}

function printArray(items: readonly Code[], indent: number): string {
  const inner = indent + STEP
  if (items.every(isNumber)) return fillArray(items, indent)
  const lines = items.map((item) => {
    const printed = printCode(item, { indent: inner, column: inner, after: 1 })
    return `${spaces(inner)}${printed},\n`
  })
  return `[\n${lines.join('')}${spaces(indent)}]`
}

/** Numbers stand beside each other, as many as fit. */
function fillArray(items: readonly Code[], indent: number): string {
  const lines: string[] = []
  for (const item of items) {
    const text = `${flatOf(item)},`
    const last = lines.at(-1)
    const isFull = last === undefined || indent + STEP + last.length + 1 + text.length > WIDTH
    if (isFull) lines.push(text)
    else lines[lines.length - 1] = `${last} ${text}`
  }
  return `[\n${lines.map((line) => `${spaces(indent + STEP)}${line}\n`).join('')}${spaces(indent)}]`
}

function printChain(head: string, calls: readonly Call[], start: Start): string {
  const [first, ...others] = calls
  if (first === undefined) return head
  if (others.length === 0)
    return `${head}${printCall(first, { ...start, column: start.column + head.length })}`
  const inner = start.indent + STEP
  const lines = calls.map((call) => {
    const printed = printCall(call, { indent: inner, column: inner, after: 0 })
    return `\n${spaces(inner)}${printed}`
  })
  return `${head}${lines.join('')}`
}

function printCall({ name, args }: Call, { indent, column, after }: Start): string {
  const opening = `.${name}(`
  const flat = flatCall({ name, args })
  if (flat !== null && column + widthOf(flat) + after <= WIDTH) return flat
  const [last, ...before] = args.toReversed()
  if (last === undefined) return `${opening})`
  const others = before.toReversed().map((arg) => `${flatOf(arg)}, `)
  if (isHugged(last) && !others.includes('null, ')) {
    const width = column + widthOf(opening + others.join(''))
    const hugged = printCode(last, { indent, column: width, after: after + 1 })
    return `${opening}${others.join('')}${hugged})`
  }
  const inner = indent + STEP
  const lines = args.map((arg) => {
    const printed = printCode(arg, { indent: inner, column: inner, after: 1 })
    return `\n${spaces(inner)}${printed},`
  })
  return `${opening}${lines.join('')}\n${spaces(indent)})`
}

/** Whether its brackets open in the line of the call. */
function isHugged(code: Code): boolean {
  return (
    (code.kind === 'object' && code.entries.length > 0) ||
    (code.kind === 'array' && code.items.length > 0)
  )
}

/** In one line; null: it cannot stand in one. */
function flatOf(code: Code): string | null {
  switch (code.kind) {
    case 'raw':
      return code.text
    case 'text':
      return quote(code.text)
    case 'object':
      return code.entries.length === 0 ? '{}' : null
    case 'array':
      return isMatrix(code.items) ? null : joined(code.items, '[', ']')
    case 'chain': {
      if (code.calls.length >= LONG_CHAIN && !code.calls.every(hasSimpleArgs)) return null
      const calls = code.calls.map(flatCall)
      return calls.includes(null) ? null : `${code.head}${calls.join('')}`
    }
  }
}

function flatCall({ name, args }: Call): string | null {
  return joined(args, `.${name}(`, ')')
}

function joined(items: readonly Code[], open: string, close: string): string | null {
  const flat = items.map(flatOf)
  return flat.includes(null) ? null : `${open}${flat.join(', ')}${close}`
}

/** Several lists in a list stand below each other. */
function isMatrix(items: readonly Code[]): boolean {
  return items.length > 1 && items.every((item) => item.kind === 'array' && item.items.length > 1)
}

function hasSimpleArgs({ args }: Call): boolean {
  return args.every((arg) => isSimple(arg, 0))
}

function isSimple(code: Code, depth: number): boolean {
  if (depth >= 2) return false
  switch (code.kind) {
    case 'raw':
      return !/=>/.test(code.text) && !/^\/.{6,}\/\w*$/.test(code.text)
    case 'text':
      return true
    case 'array':
      return code.items.every((item) => isSimple(item, depth + 1))
    case 'object':
      return code.entries.every(({ value }) => isSimple(value, depth + 1))
    case 'chain':
      return code.calls.every(({ args }) => args.every((arg) => isSimple(arg, depth + 1)))
  }
}

function isNumber(code: Code): boolean {
  return code.kind === 'raw' && /^-?\d/.test(code.text)
}

/** In columns: letters of Eastern Asia and emoji take two. */
function widthOf(text: string): number {
  const wide = text.match(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/gu,
  )
  return [...text].length + (wide?.length ?? 0)
}

function spaces(count: number): string {
  return ' '.repeat(count)
}
