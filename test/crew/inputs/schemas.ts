import fc from 'fast-check'
import type { ValueSchema } from '../../../src/crew/inputs/declaration.ts'

const bound = fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined })
const step = fc.option(fc.constantFrom(0.5, 1, 3), { nil: undefined })

const scalar = fc.oneof(
  fc.record({ type: fc.constant('string'), minLength: bound, maxLength: bound }),
  fc.record({
    type: fc.constantFrom('integer', 'number'),
    minimum: bound,
    exclusiveMinimum: bound,
    maximum: bound,
    exclusiveMaximum: bound,
    multipleOf: step,
  }),
  fc.record({ type: fc.constant('boolean') }),
  fc.record({
    type: fc.constant('string'),
    enum: fc.subarray(['a', '', 'abc'], { minLength: 1 }),
  }),
  fc.record({ type: fc.constant('integer'), enum: fc.subarray([0, 1, 3], { minLength: 1 }) }),
)

/** What can be declared, but for formats. */
export const anySchema = fc
  .letrec((tie) => ({
    schema: fc.oneof(
      { maxDepth: 2 },
      scalar,
      fc.record({
        type: fc.constant('array'),
        items: fc.option(tie('schema'), { nil: undefined }),
        minItems: bound,
        maxItems: bound,
        uniqueItems: fc.boolean(),
      }),
      fc.record({
        type: fc.constant('object'),
        properties: fc.record({ a: tie('schema'), b: tie('schema') }, { requiredKeys: [] }),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
      }),
    ),
  }))
  .schema.chain((schema) => {
    const { properties = {} } = schema as ValueSchema
    return fc
      .subarray(Object.keys(properties))
      .map((required) => ({ ...(schema as object), required }))
  })
  // As files hold it.
  .map((schema) => JSON.parse(JSON.stringify(schema)) as ValueSchema)

/** A value that has a chance to be one of them. */
export const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(0, 1, 1.5, 2, 3, 4, 6, -1, '', 'a', '😀', 'abc', '😀😀😀', true, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { noNullPrototype: true }),
  ),
})).value
