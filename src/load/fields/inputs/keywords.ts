import { z } from 'zod'
import { FORMATS, INPUT_TYPES, type InputType } from '../../../crew/inputs/declaration.ts'

/** A field of a declaration, with the name that JSON Schema gives it. */
export interface Keyword {
  /** Types of inputs that it counts for. */
  readonly of: readonly InputType[]
  /** What its value must be, as the end of `it must be …`. */
  readonly expected: string
  fits(value: unknown): boolean
}

const ANY: readonly InputType[] = INPUT_TYPES
const TEXT: readonly InputType[] = ['string']
const NUMBERS: readonly InputType[] = ['integer', 'number']
const LIST: readonly InputType[] = ['array']
const OBJECT: readonly InputType[] = ['object']

const text = { expected: 'a text', fits: (value: unknown) => typeof value === 'string' }
const number = { expected: 'a number', fits: Number.isFinite }
const count = {
  expected: 'a whole number from 0 up',
  fits: (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0,
}
const flag = {
  expected: 'true or false',
  fits: (value: unknown) => toFlag(value) !== undefined,
}
const values = { expected: 'a list of values', fits: isFilled }
const map = { expected: 'a map of fields', fits: () => true }

/** What can be said of a value, and of the values in it. */
export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['type', { of: ANY, ...text }],
  ['title', { of: ANY, ...text }],
  ['description', { of: ANY, ...text }],
  ['enum', { of: ['string', 'integer', 'number', 'boolean'], ...values }],
  ['examples', { of: ANY, ...values }],
  ['minLength', { of: TEXT, ...count }],
  ['maxLength', { of: TEXT, ...count }],
  [
    'format',
    {
      of: TEXT,
      expected: `one of ${[...FORMATS.keys()].join(', ')}`,
      fits: (value) => typeof value === 'string' && FORMATS.has(value),
    },
  ],
  ['minimum', { of: NUMBERS, ...number }],
  ['maximum', { of: NUMBERS, ...number }],
  ['exclusiveMinimum', { of: NUMBERS, ...number }],
  ['exclusiveMaximum', { of: NUMBERS, ...number }],
  [
    'multipleOf',
    {
      of: NUMBERS,
      expected: 'a number above 0',
      fits: (value) => Number.isFinite(value) && Number(value) > 0,
    },
  ],
  ['items', { of: LIST, ...map }],
  ['minItems', { of: LIST, ...count }],
  ['maxItems', { of: LIST, ...count }],
  ['uniqueItems', { of: LIST, ...flag }],
  ['properties', { of: OBJECT, expected: 'a map of names to what they are', fits: () => true }],
  ['required', { of: OBJECT, expected: 'a list of names of properties', fits: isNames }],
  [
    'additionalProperties',
    { of: OBJECT, expected: 'true, false, or a map of fields', fits: () => true },
  ],
])

/** What can be said of an input as a whole, beside `required: true` or `false`, and not of the values in it. */
export const OWN_KEYWORDS: readonly string[] = ['default', 'sensitive']

/** The spellings that crew files have for true and false elsewhere are taken here, too. */
export function toFlag(value: unknown): boolean | undefined {
  return z.union([z.boolean(), z.stringbool()]).safeParse(value).data
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
}
