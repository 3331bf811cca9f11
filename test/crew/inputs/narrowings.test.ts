import fc from 'fast-check'
import { expect, test } from 'vitest'
import { problemsOf } from '../../../src/crew/inputs/check-value.ts'
import type { ValueSchema } from '../../../src/crew/inputs/declaration.ts'
import { narrowingsOf } from '../../../src/crew/inputs/narrowings.ts'
import { anySchema, anyValue } from './schemas.ts'

const text = (rest: Partial<ValueSchema> = {}): ValueSchema => ({ type: 'string', ...rest })
const whole = (rest: Partial<ValueSchema> = {}): ValueSchema => ({ type: 'integer', ...rest })
const object = (rest: Partial<ValueSchema>): ValueSchema => ({ type: 'object', ...rest })

test.each<[string, ValueSchema, ValueSchema]>([
  ['nothing', text({ maxLength: 3 }), text({ maxLength: 3, description: 'D' })],
  ['a bound that is wider', text({ maxLength: 3 }), text({ maxLength: 9 })],
  ['a bound that is gone', whole({ minimum: 3 }), whole()],
  ['the same bound in other words', whole({ minimum: 1 }), whole({ exclusiveMinimum: 0 })],
  ['numbers instead of whole ones', whole({ minimum: 1 }), { type: 'number', minimum: 1 }],
  ['a choice more', text({ enum: ['a'] }), text({ enum: ['a', 'b'] })],
  ['any text instead of a choice', text({ enum: ['a'] }), text({ maxLength: 2 })],
  ['a smaller step', whole({ multipleOf: 6 }), whole({ multipleOf: 3 })],
  ['a property more', object({}), object({ properties: {} })],
  ['other examples', text({ examples: ['a'] }), text({ examples: ['b'] })],
])('%s breaks nobody', (_, before, after) => {
  expect(narrowingsOf(before, after, ['x'])).toEqual([])
})

test.each<[string, ValueSchema | null, ValueSchema, string[]]>([
  ['a type where there was none', null, text(), ['x must be a text now']],
  ['another type', text(), whole(), ['x must be a whole number now']],
  ['whole numbers', { type: 'number' }, whole(), ['x must be a whole number now']],
  [
    'a bound',
    whole({ minimum: 1 }),
    whole({ minimum: 2, maximum: 9 }),
    ['x must be a whole number from 2 to 9 now, and was a whole number from 1 up'],
  ],
  ['a choice less', text({ enum: ['a', 'b'] }), text({ enum: ['b'] }), ['x no longer takes "a"']],
  [
    'a choice that a bound shuts out',
    text({ enum: ['a', 'long'] }),
    text({ maxLength: 2 }),
    ['x no longer takes "long"'],
  ],
  ['choices', text(), text({ enum: ['a'] }), ['x must be "a" now, and was a text']],
  [
    'a format',
    text(),
    text({ format: 'email' }),
    ['x must be an e-mail address now, and was a text'],
  ],
  [
    'items',
    { type: 'array', items: text() },
    { type: 'array', items: text({ minLength: 1 }) },
    ['x.* must be a text of at least 1 character now, and was a text'],
  ],
  [
    'properties',
    object({ properties: { a: text(), b: text(), c: text() }, required: ['a'] }),
    object({
      properties: { a: whole(), b: text() },
      required: ['a', 'b'],
      additionalProperties: false,
    }),
    [
      'x.b must be given now',
      'x.a must be a whole number now',
      'x.c may not be given any more',
      'x may have no other properties any more',
    ],
  ],
])('it is said what %s refuses', (_, before, after, narrowings) => {
  expect(narrowingsOf(before, after, ['x'])).toEqual(narrowings)
})

test('what breaks nobody takes every value that was right before', () => {
  const right = (schema: ValueSchema, values: readonly unknown[]) =>
    values.filter((value) => problemsOf({ schema, sensitive: false }, value, 'x').length === 0)
  // Often one that differs in a few words, rarely another one.
  const changed = fc
    .tuple(anySchema, anySchema)
    .map(([before, other]) => [
      before,
      before.type === other.type ? { ...before, ...other } : other,
    ])
  const someValues = fc.array(anyValue, { minLength: 30, maxLength: 30 })
  fc.assert(
    fc.property(changed, someValues, ([before, after], some) => {
      if (before === undefined || after === undefined) return
      fc.pre(narrowingsOf(before, after, ['x']).length === 0)
      const taken = right(before, some)
      expect(right(after, taken)).toEqual(taken)
    }),
    { numRuns: 100, maxSkipsPerRun: 100 },
  )
})
