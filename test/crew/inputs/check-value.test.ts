import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { problemsOf } from '../../../src/crew/inputs/check-value.ts'
import type { ValueSchema } from '../../../src/crew/inputs/declaration.ts'

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

const bound = fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined })

const scalar = fc.oneof(
  fc.record({ type: fc.constant('string' as const), minLength: bound, maxLength: bound }),
  fc.record({
    type: fc.constantFrom('integer' as const, 'number' as const),
    minimum: bound,
    exclusiveMaximum: bound,
    multipleOf: fc.option(fc.constantFrom(0.5, 1, 3), { nil: undefined }),
  }),
  fc.record({ type: fc.constant('boolean' as const) }),
  fc.record({ type: fc.constant('string' as const), enum: fc.constant(['a', '']) }),
)

const anySchema: fc.Arbitrary<ValueSchema> = fc.letrec<{ schema: ValueSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.record({
      type: fc.constant('array' as const),
      items: fc.option(tie('schema'), { nil: undefined }),
      minItems: bound,
      maxItems: bound,
      uniqueItems: fc.boolean(),
    }),
    fc.record({
      type: fc.constant('object' as const),
      properties: fc.record({ a: tie('schema'), b: tie('schema') }),
      required: fc.subarray(['a', 'b']),
      additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
    }),
  ) as fc.Arbitrary<ValueSchema>,
})).schema

const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(0, 1, 1.5, 3, -1, '', 'a', '😀', 'abc', '😀😀😀', true, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { noNullPrototype: true }),
  ),
})).value

test('a value is refused exactly when it breaks the JSON Schema that callers are told', () => {
  const ajv = new Ajv2020({ strict: false })
  const told = (schema: ValueSchema) => JSON.parse(JSON.stringify(schema))
  fc.assert(
    fc.property(anySchema, anyValue, (schema, value) => {
      expect(problems(told(schema), value).length === 0).toBe(ajv.validate(told(schema), value))
    }),
    { numRuns: 2_000 },
  )
})
