import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { exampleOf } from '../../../src/llm/example-of.ts'
import { importProject } from '../../../src/load/import/import-project.ts'
import type { ToolStub } from '../../../src/load/import/tool-stubs.ts'
import { printCode } from '../../../src/load/import/typescript/print-code.ts'
import { stubFile } from '../../../src/load/import/typescript/write-stub.ts'
import { zodOf } from '../../../src/load/import/typescript/zod-of.ts'
import { toolSchema } from '../../../src/tools/tool-schema.ts'
import { temporaryDirectory } from '../../harness/temporary-directory.ts'

type Schema = Readonly<Record<string, unknown>>

function recorded(): readonly (readonly [string, Schema])[] {
  const forms = JSON.parse(readFileSync('test/load/python/pydantic/forms.json', 'utf8'))
  const tools = JSON.parse(readFileSync('test/load/python/pydantic/tools.json', 'utf8'))
  const all = { ...forms.schemas, ...tools.functions, ...tools.classes }
  return Object.entries<{ readonly schema?: Schema }>(all).flatMap(([name, one]) => {
    const schema = one?.schema ?? (one as Schema | null)
    return schema?.['type'] === 'object' ? [[name, schema] as const] : []
  })
}

const SCHEMAS = recorded()

/** The type that the code makes. */
function evaluated(schema: Schema): z.ZodType {
  const { definitions, parameters } = zodOf(schema)
  const start = { indent: 0, column: 0, after: 0 }
  const lines = definitions.map(({ name, code }) => `const ${name} = ${printCode(code, start)}`)
  const body = `${lines.join('\n')}\nreturn ${printCode(parameters, start)}`
  return new Function('z', body)(z)
}

function stub(parameters: Schema | null, name = 'Ruler'): ToolStub {
  const origin = { stands: 'Ruler()', at: 'crew.py:1', module: null }
  return { name: 'ruler', title: name, description: 'Measures.', parameters, ...origin }
}

/** How the files are formatted, by Biome with the settings of this repository. */
function formatted(files: readonly string[]): readonly string[] {
  using directory = temporaryDirectory()
  const paths = files.map((_file, at) => join(directory.path, `file${at}.ts`))
  const { vcs: _, ...settings } = JSON.parse(readFileSync('biome.json', 'utf8'))
  const { formatter, javascript } = settings
  writeFileSync(join(directory.path, 'biome.json'), JSON.stringify({ formatter, javascript }))
  for (const [at, path] of paths.entries()) writeFileSync(path, files[at] ?? '')
  const biome = join(process.cwd(), 'node_modules/.bin/biome')
  execFileSync(biome, ['format', '--write', directory.path], { cwd: directory.path })
  return paths.map((path) => readFileSync(path, 'utf8'))
}

test('there are recorded schemas to try', () => {
  expect(SCHEMAS.length).toBeGreaterThan(50)
})

test.each(SCHEMAS)('the parameters of %s take what their schema takes', (_, schema) => {
  const type = evaluated(schema)
  const told = toolSchema(type)
  const properties = Object.keys((schema['properties'] ?? {}) as object)

  expect(Object.keys((told['properties'] ?? {}) as object)).toEqual(properties)
  expect(told['required'] ?? []).toEqual(schema['required'] ?? [])
  const { error } = type.safeParse(exampleOf(told, (name) => name))
  // Examples know nothing of patterns.
  expect(error?.issues.filter(({ code }) => code !== 'invalid_format') ?? []).toEqual([])
})

test('stubs are formatted as Biome formats them', () => {
  const files = SCHEMAS.map(([name, schema]) => stubFile(stub(schema, name)))
  expect(files).toEqual(formatted(files))
})

test('whatever a tool is called and told to be, its stub is formatted TypeScript', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 120 }),
    fc.constantFrom("it's", '"', `\`\${a}\``, '*/', '\\', '\u2028', '\r\n', 'é 日本 👍'),
  )
  const field = fc.oneof(
    fc.record(
      {
        type: fc.constantFrom('string', 'integer', 'boolean', 'number', 'array', 'object', 'null'),
        description: text,
        default: fc.option(fc.jsonValue({ maxDepth: 2 })),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record({
      anyOf: fc.array(
        fc.record({ type: fc.constantFrom('string', 'integer', 'null'), description: text }),
        { minLength: 1, maxLength: 3 },
      ),
      default: fc.constant(null),
    }),
    fc.record({ enum: fc.array(text, { minLength: 1, maxLength: 5 }), default: text }),
    fc.record(
      {
        type: fc.constant('array'),
        items: fc.record({
          type: fc.constant('object'),
          properties: fc.dictionary(text, fc.constant({ type: 'string' }), { maxKeys: 2 }),
        }),
        minItems: fc.nat(),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      {
        type: fc.constant('string'),
        pattern: fc.constantFrom('^a+$', '^[a-z]{2,10}$', '(?P<n>a)', '/'),
        minLength: fc.nat(9),
        maxLength: fc.nat(),
        description: text,
      },
      { requiredKeys: ['type'] },
    ),
  )
  const stubs = fc.record({
    title: text.filter((one) => one.trim() !== ''),
    description: fc.option(text),
    stands: text,
    properties: fc.dictionary(text, field, { maxKeys: 4 }),
  })
  const files = fc.sample(stubs, 150).map(({ title, description, stands, properties }) =>
    stubFile({
      name: 'ruler',
      title,
      description,
      stands,
      at: 'crew.py:1',
      module: null,
      parameters: { type: 'object', properties },
    }),
  )
  expect(files).toEqual(formatted(files))
})

test('crews in TypeScript are formatted as Biome formats them', async () => {
  const files: string[] = []
  for (const project of readdirSync('test/projects')) {
    const dir = join('test/projects', project)
    const { crews } = await importProject({ dir, format: 'typescript', checkModel: () => null })
    files.push(...crews.flatMap((one) => Object.values(one.files)))
  }
  expect(files.length).toBeGreaterThan(30)
  expect(files).toEqual(formatted(files))
})

test('a type that is made of itself is one for the compiler as well', () => {
  const node = {
    type: 'object',
    properties: { children: { type: 'array', items: { $ref: '#/$defs/Node' } } },
    required: ['children'],
  }
  const schema = {
    $defs: { Node: node },
    type: 'object',
    properties: { root: { $ref: '#/$defs/Node' } },
    required: ['root'],
  }
  expect(stubFile(stub(schema))).toContain(`const node: z.ZodType = z.object({
  children: z.array(z.lazy(() => node)),
})`)
  expect(evaluated(schema).safeParse({ root: { children: [{ children: [] }] } }).success).toBe(true)
})

test('what nobody knows of a tool is left to write', () => {
  const file = stubFile({ ...stub(null), description: null })
  expect(file).toContain("description: 'TODO: what this tool does, and when to use it',")
  expect(file).toContain('  // TODO: what it has to be told\n  parameters: z.object({}),')
})
