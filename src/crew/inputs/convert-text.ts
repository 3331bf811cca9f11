import type { InputType } from './declaration.ts'
import { refusalOf } from './json.ts'

/** As JSON writes them: `42`, `-0.5`, `1e3`, and neither `042` nor `.5`. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i

/**
 * A text as the value of another type, for clients that send all inputs as texts: forms, `--input` of the CLI, and
 * those that write JSON into a text. What is not exactly such a value is left as it is, and is wrong.
 */
export function convertText(text: string, type: InputType): unknown {
  switch (type) {
    case 'string':
      return text
    case 'integer':
    case 'number':
      return NUMBER.test(text) ? numberOf(text) : text
    case 'boolean':
      return BOOLEANS.get(text) ?? text
    case 'array':
    case 'object':
      return parsed(text, type)
  }
}

/** What would come out as another number, or as none, stays a text. */
function numberOf(text: string): number | string {
  const number = Number(text)
  const isExact = Number.isSafeInteger(number) || !Number.isInteger(number)
  return Number.isFinite(number) && isExact ? number : text
}

/** Also as Python writes them. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
])

/** A longer text would be much work for what is sent as JSON by whoever means it. */
const MAX_PARSED_CHARACTERS = 1_000_000

function parsed(text: string, type: 'array' | 'object'): unknown {
  const isMeant = text.trimStart().startsWith(type === 'array' ? '[' : '{')
  if (!isMeant || text.length > MAX_PARSED_CHARACTERS) return text
  try {
    const value: unknown = JSON.parse(text)
    // As it would be if it were not in a text.
    return refusalOf(value) === null ? value : text
  } catch {
    return text
  }
}
