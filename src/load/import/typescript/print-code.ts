import { type Call, type Code, type Entry, keyOf, quote } from './code.ts'
import {
  flatCall,
  flatOf,
  hasSimpleArgs,
  isMatrix,
  isNumber,
  LONG_CHAIN,
  widthOf,
} from './flat-code.ts'

/** Columns of a line, and of a step of indentation, as this house's crews have them. */
const WIDTH = 100
const STEP = 2
/** Keys that are shorter have their text in the same line, however long it is. */
const SHORT_KEY = 5

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
  const inLine = printEndInLines(head, calls, start)
  if (inLine !== null) return inLine
  const inner = start.indent + STEP
  const lines = calls.map((call) => {
    const printed = printCall(call, { indent: inner, column: inner, after: 0 })
    return `\n${spaces(inner)}${printed}`
  })
  return `${head}${lines.join('')}`
}

/** Calls in one line, of which only what the last one is given has lines of its own; null: it has none. */
function printEndInLines(head: string, calls: readonly Call[], start: Start): string | null {
  const last = calls.at(-1)
  if (last === undefined || !last.args.some(isBroken)) return null
  if (calls.length >= LONG_CHAIN && !calls.every(hasSimpleArgs)) return null
  const before = calls.slice(0, -1).map(flatCall)
  if (before.includes(null)) return null
  const text = `${head}${before.join('')}`
  const column = start.column + widthOf(text)
  const isFitting = column + last.name.length + '.([{'.length <= WIDTH
  return isFitting ? `${text}${printCall(last, { ...start, column })}` : null
}

/** Whether it has several lines, however short it is. */
function isBroken(code: Code): boolean {
  if (code.kind === 'object') return code.entries.length > 0
  if (code.kind === 'array') return isMatrix(code.items) || code.items.some(isBroken)
  return code.kind === 'chain' && code.calls.some(({ args }) => args.some(isBroken))
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

function spaces(count: number): string {
  return ' '.repeat(count)
}
