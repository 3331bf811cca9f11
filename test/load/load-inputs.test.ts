import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { InputValue } from '../../src/crew/crew.ts'
import { exampleInputs } from '../../src/crew/inputs/example-inputs.ts'
import { inputSchema } from '../../src/crew/inputs/input-schema.ts'
import { settleInputs } from '../../src/crew/inputs/settle-inputs.ts'
import { AppError } from '../../src/errors.ts'
import { KEYWORDS, OWN_KEYWORDS } from '../../src/load/fields/inputs/keywords.ts'
import { inputsSchema } from '../../src/load/fields/inputs/read-inputs.ts'
import { loadCrew } from '../../src/load/load-crew.ts'
import { makeCrew } from '../harness/samples.ts'
import {
  jsoncCrew,
  loadFiles,
  problemsOf,
  temporaryCrews,
  yamlCrew,
} from '../harness/temporary-crews.ts'

const TASKS = `
research_task:
  description: Research {topic} in {tone} words for {pages} pages with {key}.
  expected_output: A list.
  agent: researcher
`
const settings = (text: string) => yamlCrew({ 'config/tasks.yaml': TASKS, 'crew.yaml': text })
const topic = (fields: string) => settings(`inputs:\n  topic: { ${fields} }`)

const EXPECTED = {
  inputs: { tone: 'calm', key: null },
  inputDeclarations: {
    topic: {
      schema: { type: 'string', description: 'What about', minLength: 3, examples: ['tides'] },
      sensitive: false,
    },
    tone: { schema: { type: 'string', enum: ['calm', 'loud'] }, sensitive: false },
    pages: { schema: { type: 'integer', minimum: 1, maximum: 9 }, sensitive: false },
    key: { schema: { type: 'string' }, sensitive: true },
  },
}

const YAML = `
inputs:
  topic: { type: string, description: What about, min_length: 3, examples: [tides] }
  tone:
    type: string
    enum: [calm, loud]
    default: calm
  pages: { type: integer, minimum: 1, maximum: 9 }
  key: { type: string, sensitive: yes, required: false }
`

test('YAML declares inputs beside defaults', async () => {
  const { crews, problems } = await loadFiles(settings(YAML))

  expect(problems).toEqual([])
  expect(crews.get('crew')).toMatchObject(EXPECTED)
})

test('JSON declares them in either spelling', async () => {
  const description = 'Research {topic} in {tone} words for {pages} pages with {key}.'
  const task = { name: 'research_task', description, expected_output: 'E', agent: 'researcher' }
  const inputs = {
    topic: { type: 'string', description: 'What about', minLength: 3, examples: ['tides'] },
    tone: { type: 'string', enum: ['calm', 'loud'], default: 'calm' },
    pages: { type: 'integer', minimum: 1, maximum: 9 },
    key: { type: 'string', sensitive: true, default: null },
  }
  const { crews, problems } = await loadFiles(jsoncCrew({ tasks: [task], inputs }))

  expect(problems).toEqual([])
  expect(crews.get('crew')).toMatchObject(EXPECTED)
})

const crewTs = (inputs: string) => ({
  'crew/crew.ts': `
import { defineCrew } from 'coxswain'
import { z } from 'zod'
export default defineCrew({
  agents: { researcher: { role: 'R', goal: 'G', backstory: 'B' } },
  tasks: {
    research_task: {
      description: 'Research {topic} in {tone} words for {pages} pages with {key}.',
      expectedOutput: 'E',
      agent: 'researcher',
    },
  },
  inputs: { ${inputs} },
})
`,
})

async function loadTypescript(inputs: string) {
  using crews = temporaryCrews(crewTs(inputs))
  const { crew, code, problems } = await loadCrew(join(crews.path, 'crew'))
  await code.stop()
  return { crew, problems: problems.map(({ key, message }) => `${key}: ${message}`) }
}

test('TypeScript declares them with zod, and as maps', async () => {
  const { crew, problems } = await loadTypescript(`
    topic: z.string().min(3).meta({ description: 'What about', examples: ['tides'] }),
    tone: z.enum(['calm', 'loud']).default('calm'),
    pages: { type: 'integer', minimum: 1, maximum: 9 },
    key: z.string().optional().meta({ sensitive: true }),
  `)

  expect(problems).toEqual([])
  expect(crew).toMatchObject(EXPECTED)
})

test.each([
  ['z.int()', { type: 'integer' }],
  ['z.number().positive()', { type: 'number', exclusiveMinimum: 0 }],
  ['z.email()', { type: 'string', format: 'email' }],
  ['z.iso.date()', { type: 'string', format: 'date' }],
  ['z.url()', { type: 'string', format: 'uri' }],
  ['z.literal("x")', { type: 'string', enum: ['x'] }],
  ['z.coerce.number()', { type: 'number' }],
  ['z.array(z.int()).min(1)', { type: 'array', minItems: 1, items: { type: 'integer' } }],
  [
    'z.record(z.string(), z.boolean())',
    { type: 'object', additionalProperties: { type: 'boolean' } },
  ],
  [
    'z.strictObject({ a: z.uuid().optional(), b: z.string().describe("B") })',
    {
      type: 'object',
      properties: {
        a: { type: 'string', format: 'uuid' },
        b: { type: 'string', description: 'B' },
      },
      required: ['b'],
      additionalProperties: false,
    },
  ],
])('%s becomes a declaration', async (type, schema) => {
  const { crew, problems } = await loadTypescript(`topic: ${type}`)

  expect(problems).toEqual([])
  expect(crew?.inputDeclarations).toEqual({ topic: { schema, sensitive: false } })
})

test.each([['z.string().nullish()'], ['z.string().optional()'], ['z.string().nullable()']])(
  '%s need not be given',
  async (type) => {
    const { crew, problems } = await loadTypescript(`topic: ${type}`)

    expect(problems).toEqual([])
    expect(crew?.inputs).toEqual({ topic: null })
  },
)

test.each([
  ['z.date()', 'null: cannot be loaded: defineCrew: the input topic cannot be told to callers: '],
  ['z.string().refine((text) => text !== "")', 'which is not run on inputs'],
  ['z.string().trim()', 'which is not run on inputs'],
  ['z.stringbool()', 'which is not run on inputs'],
  ['z.string().regex(/x/)', 'inputs.topic.pattern: cannot be said of an input'],
  ['z.union([z.string(), z.number()])', 'it must be of one type'],
  ['z.union([z.string(), z.object({})])', 'it must be of one type'],
  ['z.any()', 'it must be of one type'],
  ['z.array(z.union([z.string(), z.number()]))', 'inputs.topic.items.type: must be one of'],
  ['z.array(z.array(z.string().optional().default("x")))', 'default'],
])('%s is an error', async (type, message) => {
  const { crew, problems } = await loadTypescript(`topic: ${type}`)

  expect(crew).toBeNull()
  expect(problems.join('\n')).toContain(message)
})

test.each([
  [
    'type: str',
    'type: must be one of string, integer, number, boolean, array, object, but is "str"; did you mean string?',
  ],
  ['type: file', 'type: cannot be file yet'],
  ['type: [string, "null"]', 'type: must be one of string'],
  [
    'type: home, street: Main',
    'type: must be one of string, integer, number, boolean, array, object, but is "home"; a map with a type declares an input',
  ],
  ['type: string, min_lenght: 3', 'min_lenght: is no field of an input; did you mean minLength?'],
  ['type: string, pattern: "(a+)+$"', 'pattern: cannot be said of an input'],
  ['type: string, minLength: 1, min_length: 2', 'min_length: is there twice, in two spellings'],
  [
    'type: string, minimum: 3',
    'minimum: means nothing for the type string; it is for integer, number',
  ],
  ['type: string, min_length: -1', 'min_length: must be a whole number from 0 up, but is -1'],
  ['type: string, min_length: 5, max_length: 3', 'min_length: is above maxLength, which is 3'],
  ['type: string, format: dates', 'format: must be one of date, date-time'],
  ['type: string, enum: []', 'enum: must be a list of values, but is a list'],
  ['type: string, enum: [a, 1]', 'enum[1]: must be a text, but is 1'],
  ['type: string, examples: tides', 'examples: must be a list of values, but is "tides"'],
  [
    'type: string, max_length: 3, examples: [abc, abcd]',
    'examples[1]: must be a text of at most 3 characters, but is "abcd"',
  ],
  ['type: string, default: 3', 'default: must be a text, but is 3'],
  ['type: integer, default: .nan', 'default: must be a JSON value, but is NaN'],
  ['type: integer, required: maybe', 'required: must be true or false, but is "maybe"'],
  ['type: integer, required: true, default: 3', 'default: would never count'],
  [
    'type: string, sensitive: true, default: hunter2',
    'default: would stand where everybody reads it',
  ],
  ['type: array, items: string', 'items: must be a map of fields, but is "string"'],
  [
    'type: array, items: { type: string, default: x }',
    'items.default: is said of an input as a whole only',
  ],
  [
    'type: array, items: { type: integer }, default: [1, x]',
    'default.1: must be a whole number, but is "x"',
  ],
  [
    'type: object, properties: { a: {} }',
    'properties.a.type: is missing; it must be one of string',
  ],
  ['type: object, required: [a]', 'required[0]: there is no property "a"'],
  [
    'type: object, properties: { toString: { type: string } }',
    'properties: cannot have a property called toString',
  ],
  ['type: array, items: { type: integer, enum: [1, b] }', 'items.enum[1]: must be a whole number'],
  [
    'type: object, properties: { __proto__: { type: string } }',
    'properties: cannot have a property called __proto__',
  ],
  [
    `type: array, items: ${'{ type: array, items: '.repeat(8)}{ type: string }${' }'.repeat(8)}`,
    'is nested deeper than 8 levels',
  ],
])('{ %s } is an error with its place', async (fields, message) => {
  const problems = await problemsOf(topic(fields))

  expect(problems.length).toBe(1)
  expect(problems[0]).toContain('error: crew/crew.yaml: inputs.topic.')
  expect(problems[0]).toContain(message)
})

test('what is declared and in no text, and a default that looks like a declaration, are told', async () => {
  expect(
    await problemsOf(
      settings(`
inputs:
  topc: { type: string, required: false }
  tone: { default: calm, enum: [calm, loud] }
  pages: { count: 3 }
`),
    ),
  ).toEqual([
    'warning: crew/crew.yaml: inputs.topc: is in no text of the crew: there is no {topc}; did you mean topic?',
    'warning: crew/crew.yaml: inputs.tone: has no type, so that all of it is taken as the default; a map with a type declares an input',
  ])
})

test('a map with a type can be a default', async () => {
  const { crews, problems } = await loadFiles(topic('type: object, default: { type: home }'))

  expect(problems).toEqual([])
  expect(crews.get('crew')?.inputs).toEqual({ topic: { type: 'home' } })
})

test('a name that no text can have is an error', async () => {
  const problems = await problemsOf(settings('inputs: { 1st: { type: string } }'))

  expect(problems.join()).toContain('inputs.1st: cannot be the name of an input')
})

/** Fields with values that somebody may have meant. */
const anyDeclaration = fc.dictionary(
  fc.constantFrom(
    ...[...KEYWORDS.keys(), ...OWN_KEYWORDS, 'min_length', 'pattern', 'nonsense', '__proto__'],
  ),
  fc.oneof(
    fc.constantFrom('string', 'integer', 'array', 'object', 'date', 0, 3, -1, true, null, '', []),
    fc.jsonValue({ maxDepth: 3 }),
    fc.constant({ type: 'string' }),
    fc.constant({ toString: 1, valueOf: [] }),
    fc.constant({ a: { type: 'integer', enum: [1] } }),
    fc.constant(['a', 'b']),
  ),
)

test('whatever stands under inputs is read or refused, and what is read can be kicked off with', () => {
  fc.assert(
    fc.property(anyDeclaration, fc.jsonValue(), (declaration, value) => {
      const read = inputsSchema.safeParse({ topic: { type: 'string', ...declaration } })
      if (!read.success) {
        expect(read.error.issues[0]?.path[0]).toBe('topic')
        return
      }
      const { defaults: inputs, declarations: inputDeclarations } = read.data
      const crew = makeCrew({ inputs, inputDeclarations })
      try {
        settleInputs(crew, { audience: '', topic: value as InputValue })
      } catch (error) {
        expect(error).toBeInstanceOf(AppError)
      }
      expect(JSON.stringify([inputSchema(crew), exampleInputs(crew)])).toContain('topic')
    }),
    { numRuns: 1_000 },
  )
})
