import { FORMATS, type InputType, type ValueSchema } from './declaration.ts'

const NOUNS: Readonly<Record<InputType, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
}

/** What a value must be, as the end of `it must be …`. */
export function expectedOf(schema: ValueSchema): string {
  if (schema.enum !== undefined) return oneOf(schema.enum)
  const { type, format = '', minLength, maxLength, minItems, maxItems } = schema
  switch (type) {
    case 'string':
      return `${FORMATS.get(format) ?? NOUNS.string}${sizeOf('character', minLength, maxLength)}`
    case 'array': {
      const different = schema.uniqueItems === true ? ' that are all different' : ''
      const size = sizeOf('item', minItems, maxItems)
      return `${NOUNS.array}${size || (different && ' of items')}${different}`
    }
    default:
      return `${NOUNS[type]}${boundsOf(schema)}`
  }
}

/** Characters of a list of allowed values that a message shows. */
const MAX_LISTED_CHARACTERS = 300

function oneOf(values: readonly unknown[]): string {
  const listed = values.map((value) => JSON.stringify(value)).join(', ')
  return values.length === 1 ? listed : `one of ${cut(listed, MAX_LISTED_CHARACTERS)}`
}

function sizeOf(noun: string, min = 0, max = Number.POSITIVE_INFINITY): string {
  const counted = (size: number) => `${size} ${size === 1 ? noun : `${noun}s`}`
  if (min === max) return ` of ${counted(min)}`
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? '' : ` of at least ${counted(min)}`
  return min === 0 ? ` of at most ${counted(max)}` : ` of ${min} to ${counted(max)}`
}

function boundsOf(schema: ValueSchema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  const isRange = minimum !== undefined && maximum !== undefined
  const parts = [
    ...(isRange ? [`from ${minimum} to ${maximum}`] : []),
    ...(!isRange && minimum !== undefined ? [`from ${minimum} up`] : []),
    ...(!isRange && maximum !== undefined ? [`up to ${maximum}`] : []),
    ...(exclusiveMinimum === undefined ? [] : [`above ${exclusiveMinimum}`]),
    ...(exclusiveMaximum === undefined ? [] : [`below ${exclusiveMaximum}`]),
    ...(multipleOf === undefined ? [] : [`that is a multiple of ${multipleOf}`]),
  ]
  return parts.map((part) => ` ${part}`).join('')
}

/** Characters of a wrong value that a message shows. */
const MAX_SHOWN_CHARACTERS = 60

/** A value as a message shows it. */
export function shownValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' && value !== null
    ? 'an object'
    : cut(JSON.stringify(value) ?? String(value), MAX_SHOWN_CHARACTERS)
}

function cut(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters).toWellFormed()}…`
}
