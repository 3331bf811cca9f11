import { type Call, type Code, quote } from './code.ts'

/** So many calls in a row stand in lines of their own, unless all that they are given is simple. */
export const LONG_CHAIN = 3

/** In one line; null: it cannot stand in one. */
export function flatOf(code: Code): string | null {
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

export function flatCall({ name, args }: Call): string | null {
  if (args.length > 1 && args.some(callsWithFunction)) return null
  return joined(args, `.${name}(`, ')')
}

function joined(items: readonly Code[], open: string, close: string): string | null {
  const flat = items.map(flatOf)
  return flat.includes(null) ? null : `${open}${flat.join(', ')}${close}`
}

/** Beside others what is given a function has a line of its own. */
function callsWithFunction(code: Code): boolean {
  const last = code.kind === 'chain' ? code.calls.at(-1) : undefined
  return last?.args.some((arg) => arg.kind === 'raw' && arg.text.includes('=>')) ?? false
}

/** Several lists in a list stand below each other. */
export function isMatrix(items: readonly Code[]): boolean {
  return items.length > 1 && items.every((item) => item.kind === 'array' && item.items.length > 1)
}

export function hasSimpleArgs({ args }: Call): boolean {
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

export function isNumber(code: Code): boolean {
  return code.kind === 'raw' && /^-?\d/.test(code.text)
}

/** In columns: letters of Eastern Asia and emoji take two. */
export function widthOf(text: string): number {
  const wide = text.match(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/gu,
  )
  return [...text].length + (wide?.length ?? 0)
}
