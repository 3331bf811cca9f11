import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { InputDeclarations, ValueSchema } from '../../../src/crew/inputs/declaration.ts'
import { exampleInputs } from '../../../src/crew/inputs/example-inputs.ts'
import { settleInputs } from '../../../src/crew/inputs/settle-inputs.ts'
import { makeCrew, makeTask } from '../../harness/samples.ts'

const crewOf = (description: string, inputDeclarations: InputDeclarations = {}) =>
  makeCrew({ agents: [], tasks: [makeTask({ description })], inputDeclarations })

const example = (name: string, schema: ValueSchema) =>
  exampleInputs(crewOf(`{${name}}`, { [name]: { schema, sensitive: false } }))[name]

test('inputs that must be given have values that are made from their names', () => {
  const crew = crewOf('{topic} {target_language} {current_year} {customerEmail} {odd_thing} {tone}')

  expect(exampleInputs({ ...crew, inputs: { tone: 'calm' } })).toEqual({
    topic: 'tidal energy',
    target_language: 'English',
    current_year: '2030',
    customerEmail: 'someone@example.com',
    odd_thing: 'an example of odd thing',
  })
})

test.each<[string, ValueSchema, unknown]>([
  ['topic', { type: 'string', examples: ['bees', 'ants'] }, 'bees'],
  ['tone', { type: 'string', enum: ['calm', 'loud'] }, 'calm'],
  ['year', { type: 'integer' }, 2030],
  ['year', { type: 'integer', maximum: 9 }, 1],
  ['since', { type: 'string', format: 'date' }, '2030-01-01'],
  ['topic', { type: 'string', maxLength: 5 }, 'tidal'],
  [
    'topic',
    { type: 'array', items: { type: 'string' }, minItems: 2 },
    ['tidal energy', 'tidal energy'],
  ],
  [
    'address',
    { type: 'object', properties: { city: { type: 'string' }, level: { type: 'integer' } } },
    { city: 'Lisbon', level: 1 },
  ],
])('the example of %s, declared as %j, is %j', (name, schema, value) => {
  expect(example(name, schema)).toEqual(value)
})

test('a kickoff with the examples is taken, whatever is declared', () => {
  const bounds = fc.tuple(fc.nat(20), fc.nat(20)).map((pair) => pair.toSorted((a, b) => a - b))
  const types = fc.constantFrom('string', 'integer', 'number', 'array', 'boolean') as fc.Arbitrary<
    ValueSchema['type']
  >
  const schema = fc.tuple(types, bounds).map(([type, [low = 0, high = 0]]): ValueSchema => {
    if (type === 'string') return { type, minLength: low, maxLength: high }
    if (type === 'array') return { type, minItems: low, maxItems: high, items: { type: 'integer' } }
    return type === 'boolean' ? { type } : { type, minimum: low, maximum: high }
  })
  fc.assert(
    fc.property(schema, fc.constantFrom('topic', 'year', 'count', 'x'), (declared, name) => {
      const crew = crewOf(`{${name}}`, { [name]: { schema: declared, sensitive: false } })
      expect(Object.keys(settleInputs(crew, exampleInputs(crew)))).toEqual([name])
    }),
  )
})
