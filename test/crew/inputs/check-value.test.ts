import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { problemsOf } from '../../../src/crew/inputs/check-value.ts'
import type { ValueSchema } from '../../../src/crew/inputs/declaration.ts'
import { anySchema, anyValue } from './schemas.ts'

const problems = (schema: ValueSchema, value: unknown, sensitive = false) =>
  problemsOf({ schema, sensitive }, value, 'inputs.x')

test.each<[ValueSchema, unknown, string]>([
  [{ type: 'string' }, 42, 'must be a text, but is 42'],
  [{ type: 'string' }, null, 'must be a text, but is null'],
  [{ type: 'string', minLength: 1 }, '', 'must be a text of at least 1 character, but is ""'],
  [
    { type: 'string', minLength: 2, maxLength: 3 },
    'four',
    'must be a text of 2 to 3 characters, but is "four"',
  ],
  [
    { type: 'string', maxLength: 3 },
    'x'.repeat(1_000_000),
    `must be a text of at most 3 characters, but is "${'x'.repeat(59)}…`,
  ],
  [
    { type: 'string', enum: ['calm', 'loud'] },
    'shrill',
    'must be one of "calm", "loud", but is "shrill"',
  ],
  [
    { type: 'string', format: 'date' },
    '2030-02-30',
    'must be a date such as 2030-01-31, but is "2030-02-30"',
  ],
  [{ type: 'string', format: 'email' }, 'nobody', 'must be an e-mail address, but is "nobody"'],
  [
    { type: 'integer', minimum: 1, maximum: 9 },
    10,
    'must be a whole number from 1 to 9, but is 10',
  ],
  [{ type: 'integer' }, 1.5, 'must be a whole number, but is 1.5'],
  [
    { type: 'integer', minimum: 1, multipleOf: 2 },
    -1,
    'must be a whole number from 1 up that is a multiple of 2, but is -1',
  ],
  [
    { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    1,
    'must be a number above 0 below 1, but is 1',
  ],
  [{ type: 'boolean' }, 'yes', 'must be true or false, but is "yes"'],
  [{ type: 'array' }, {}, 'must be a list, but is an object'],
  [
    { type: 'array', minItems: 1, maxItems: 2 },
    [1, 2, 3],
    'must be a list of 1 to 2 items, but has 3',
  ],
  [
    { type: 'array', uniqueItems: true },
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    'must be a list of items that are all different, and some are the same',
  ],
  [{ type: 'object' }, [], 'must be an object, but is a list'],
])('%j refuses %j, saying what would be right', (schema, value, message) => {
  expect(problems(schema, value)).toEqual([{ field: 'inputs.x', message }])
})

test('what is wrong inside of a value is told with its place', () => {
  const schema: ValueSchema = {
    type: 'array',
    items: {
      type: 'object',
      properties: { sku: { type: 'string' }, count: { type: 'integer', minimum: 1 } },
      required: ['sku'],
      additionalProperties: false,
    },
  }

  expect(problems(schema, [{ sku: 'a' }, { count: 0, colour: 'red' }])).toEqual([
    { field: 'inputs.x.1.sku', message: 'is missing; it must be a text' },
    { field: 'inputs.x.1.count', message: 'must be a whole number from 1 up, but is 0' },
    {
      field: 'inputs.x.1',
      message: 'has "colour", which is no property of it; there are: sku, count',
    },
  ])
})

test('of a list of wrong values some are told', () => {
  const wrong = Array.from({ length: 20_000 }, () => 'x')
  expect(problems({ type: 'array', items: { type: 'integer' } }, wrong).length).toBe(20)
})

test('nothing of the value of a sensitive input is told', () => {
  const schema: ValueSchema = {
    type: 'array',
    maxItems: 1,
    items: { type: 'object', properties: { pin: { type: 'integer' } } },
  }
  const told = JSON.stringify([
    problems(schema, [{ pin: 'hunter2' }], true),
    problems(schema, ['hunter2'], true),
    problems(schema, ['a', 'b'], true),
    problems({ type: 'string', maxLength: 3 }, 'hunter2', true),
  ])

  expect(told).not.toContain('hunter2')
  expect(told).toContain('must be a text of at most 3 characters')
})

test('a value is refused exactly when it breaks the JSON Schema that callers are told', () => {
  const ajv = new Ajv2020({ strict: false })
  fc.assert(
    fc.property(anySchema, anyValue, (schema, value) => {
      expect(problems(schema, value).length === 0).toBe(ajv.validate(schema, value))
    }),
    { numRuns: 2_000 },
  )
})
