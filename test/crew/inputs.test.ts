import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Agent, newAgent } from '../../src/crew/agent.ts'
import { type Crew, newCrew } from '../../src/crew/crew.ts'
import { inputSchema } from '../../src/crew/inputs/input-schema.ts'
import { withoutAliases } from '../../src/crew/inputs/settle-inputs.ts'
import { inputNames, interpolate, missingInputs, requiredInputs } from '../../src/crew/inputs.ts'
import { newTask, type Task } from '../../src/crew/task.ts'

const agent = (key: string, changes: Partial<Agent> = {}): Agent =>
  newAgent({ key, role: key, goal: 'goal', backstory: 'backstory', ...changes })

const task = (name: string, changes: Partial<Task> = {}): Task =>
  newTask({ name, description: 'description', expectedOutput: 'output', agent: null, ...changes })

const crew = (changes: Partial<Crew> = {}): Crew =>
  newCrew({ name: 'crew', agents: [], tasks: [], ...changes })

/** A crew whose one task has this description. */
const described = (description: string, changes: Partial<Crew> = {}) =>
  crew({ tasks: [task('only_task', { description })], ...changes })

test('inputs are listed in the order of a reader: each task with its agent, then the other agents', () => {
  const reading = crew({
    agents: [
      agent('idle', { role: '{l} {a}' }),
      agent('doer', { role: '{d}', goal: '{e}', backstory: '{f}' }),
    ],
    managerAgent: agent('manager', { backstory: '{m}' }),
    tasks: [
      task('first_task', {
        agent: 'doer',
        description: '{a} and {a}',
        expectedOutput: '{b}',
        outputFile: '{c}.md',
      }),
      task('second_task', { agent: 'doer', description: '{g} {e}' }),
      task('third_task', { description: '{h}' }),
    ],
  })

  expect(inputNames(reading)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'l', 'm'])
})

test('braces that are no placeholder are text', () => {
  const text = '{} { a } {1a} {a.b} {"json": {"k": 1}} {x y} %s {a-1} {_b}'

  expect(inputNames(described(text))).toEqual(['a-1', '_b'])
})

test('inputs with a default are not required, whatever the default is', () => {
  const defaulted = described('{topic} {note} {count}', { inputs: { note: null, count: 0 } })

  expect(requiredInputs(defaulted)).toEqual(['topic'])
})

test('an input that is given as null, empty, or false is not missing', () => {
  const three = described('{a} {b} {c} {d}')

  expect(missingInputs(three, { a: null, b: '', c: false })).toEqual(['d'])
})

test('inputs that every object inherits are missing until they are given', () => {
  const inherited = described('{__proto__} {constructor} {toString}')

  expect(missingInputs(inherited, {})).toEqual(['__proto__', 'constructor', 'toString'])
  expect(interpolate('{__proto__} {constructor}', {})).toBe('{__proto__} {constructor}')
  expect(interpolate('{constructor}', { constructor: 'a wharf' })).toBe('a wharf')
  expect(interpolate('{__proto__}', JSON.parse('{"__proto__":"own"}'))).toBe('own')
})

test('the schema of the inputs names each one, its default, and which are required', () => {
  const defaulted = described('{customer_message} {customer_name}', {
    inputs: { customer_name: 'customer', unused: 1 },
  })

  expect(inputSchema(defaulted)).toEqual({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      customer_message: { title: 'Customer message' },
      customer_name: { title: 'Customer name', default: 'customer' },
    },
    required: ['customer_message'],
    additionalProperties: true,
  })
})

test.each([
  ['a text', 'AI agents', 'AI agents'],
  ['a text with replacement patterns', '$& $1 $$ $`', '$& $1 $$ $`'],
  ['a number', 0.5, '0.5'],
  ['a boolean', false, 'false'],
  ['null', null, ''],
  ['a list', ['a', 1, null], '["a",1,null]'],
  ['an object', { a: { b: '{c}' } }, '{"a":{"b":"{c}"}}'],
])('%s is written into a prompt like JSON, without quotes around texts', (_, value, text) => {
  expect(interpolate('<{value}>', { value })).toBe(`<${text}>`)
})

test('a placeholder without an input stays as it is', () => {
  expect(interpolate('{known} {unknown}', { known: 'k' })).toBe('k {unknown}')
})

test('placeholders inside values are never filled in', () => {
  const name = fc.constantFrom('a', 'b', 'c')
  const piece = fc.oneof(
    name.map((key) => `{${key}}`),
    fc.constantFrom('{', '}', '{{', '}}', '$', '%s', '$&', '{__proto__}', '\\'),
    fc.string(),
  )
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))

  fc.assert(
    fc.property(fc.array(name), text, text, text, (names, a, b, c) => {
      const values: Record<string, string> = { a, b, c }
      const template = names.map((key) => `[{${key}}]`).join('')
      const filled = names.map((key) => `[${values[key]}]`).join('')
      expect(interpolate(template, values)).toBe(filled)
    }),
    { numRuns: 1000 },
  )
})

test('a text without placeholders comes back unchanged, whatever braces it has', () => {
  const noPlaceholder = fc
    .array(fc.constantFrom('{', '}', '{{', '{1}', '{a b}', 'a', ' ', '$', '{é}'))
    .map((pieces) => pieces.join(''))
    .filter((text) => !/\{[A-Za-z_]/.test(text))

  fc.assert(
    fc.property(noPlaceholder, (text) => {
      expect(interpolate(text, { a: 'x', b: 'y' })).toBe(text)
    }),
  )
})

test.each([
  ['open braces', '{'.repeat(1_000_000)],
  ['an endless name', `{${'a'.repeat(1_000_000)}`],
  ['names that never close', '{a'.repeat(500_000)],
  ['placeholders', '{a}'.repeat(333_333)],
])('a megabyte of %s is searched in linear time', (_, text) => {
  const started = performance.now()
  interpolate(text, { a: '' })
  inputNames(described(text))

  // Quadratic time would be minutes.
  expect(performance.now() - started).toBeLessThan(2_000)
})

test('a thousand inputs and a value of a megabyte are filled in at once', () => {
  const names = Array.from({ length: 1_000 }, (_, position) => `input_${position}`)
  const values = Object.fromEntries(names.map((name) => [name, name.toUpperCase()]))
  const template = `${names.map((name) => `{${name}}`).join('')}{big}`

  const filled = interpolate(template, { ...values, big: '{input_1}'.repeat(111_111) })

  expect(filled.startsWith('INPUT_0INPUT_1')).toBe(true)
  expect(filled.endsWith('{input_1}')).toBe(true)
})

const renamed = described('{topic} for {audience}', {
  inputAliases: { topic: ['subject', 'theme'], audience: ['readers'] },
})

test.each([
  ['its own name', { topic: 'bees' }],
  ['another name', { subject: 'bees' }],
  ['two names with the same value', { theme: 'bees', topic: 'bees' }],
  ['two other names with the same value', { theme: 'bees', subject: 'bees' }],
])('an input that is given under %s is known by its own', (_, given) => {
  expect(withoutAliases(renamed, { ...given, other: 1 })).toEqual({ topic: 'bees', other: 1 })
})

test('an input with two values under two names is refused, and says which they are', () => {
  const given = { topic: 'bees', theme: ['ants'], readers: null, audience: '' }
  const attempt = () => withoutAliases(renamed, given)

  expect(attempt).toThrow(
    expect.objectContaining({
      code: 'validation_failed',
      params: expect.objectContaining({
        fields: [
          { field: 'inputs.theme', message: expect.stringContaining('another name of topic') },
          { field: 'inputs.readers', message: expect.stringContaining('another name of audience') },
        ],
      }),
    }),
  )
})

test('names of the prototype are names like others', () => {
  const odd = described('{__proto__}', { inputAliases: { ['__proto__']: ['constructor'] } })
  const inputs = withoutAliases(odd, JSON.parse('{"constructor":{"polluted":true}}'))

  expect(Object.entries(inputs)).toEqual([['__proto__', { polluted: true }]])
  expect(withoutAliases(odd, {})).toEqual({})
})

test('the schema tells the other names of an input', () => {
  expect(inputSchema(renamed)).toMatchObject({
    properties: {
      topic: {
        description: 'May also be given as subject, theme.',
        'x-aliases': ['subject', 'theme'],
      },
    },
    required: ['topic', 'audience'],
  })
})
