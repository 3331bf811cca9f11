import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { Environment } from '../src/config.ts'
import { ERRORS } from '../src/errors.ts'
import { PROVIDERS } from '../src/llm/endpoints/providers.ts'
import { AGENT, CREW, TASK } from '../src/load/fields/fields.ts'
import { LLM } from '../src/load/fields/llm/llm-fields.ts'
import { PROBLEMS } from '../src/load/problem-codes.ts'
import { LAYERS } from './architecture.ts'

const readme = readFileSync('README.md', 'utf8')
const scripts = JSON.parse(readFileSync('package.json', 'utf8')).scripts

/** First cells of a table's rows that are in code spans. */
function codesOfTable(markdown: string, heading: string): readonly string[] {
  const section = markdown.split(heading)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
  )
}

test('README quotes the order of imports that the architecture test holds', () => {
  expect(readme).toContain(LAYERS.join(' > '))
})

test('README lists every setting, and no other', () => {
  // OPENAI_API_KEY and OPENAI_BASE_URL are variables of a provider; MODEL and NODE_ENV stand in the text of others.
  const settings = Object.keys(Environment.shape).filter(
    (name) => !['MODEL', 'NODE_ENV'].includes(name),
  )

  expect(codesOfTable(readme, '## Settings').toSorted()).toEqual(
    [...settings, 'OPENAI_API_KEY', 'OPENAI_BASE_URL'].toSorted(),
  )
})

test('every npm script that the texts name exists', () => {
  const texts = ['README.md', ...globSync('docs/**/*.md')]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  const named = [...texts.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name)

  expect(named.length).toBeGreaterThan(3)
  for (const name of named) expect(scripts).toHaveProperty([name ?? ''])
})

test('links between the texts lead to files', () => {
  const broken = ['README.md', ...globSync('docs/**/*.md')].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)]
      .map(([, target = '']) => join(dirname(file), target))
      .filter((path) => !existsSync(path)),
  )

  expect(broken).toEqual([])
})

test('docs/errors.md lists every error code with its status, and no other', () => {
  const markdown = readFileSync('docs/errors.md', 'utf8')
  const rows = [...markdown.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ])
  const codes = Object.entries(ERRORS).map(([code, { status }]) => [code, status])

  expect(rows.toSorted()).toEqual(codes.toSorted())
})

test('docs/problems.md lists every code of a problem with its severity, and no other', () => {
  const markdown = readFileSync('docs/problems.md', 'utf8')
  const rows = [...markdown.matchAll(/^\| `([\w-]+)` \| ([\w ]+) \| (.+) \|$/gm)].map((row) =>
    row.slice(1, 4),
  )
  const known = Object.entries(PROBLEMS).map(([code, [severity, sentence]]) => [
    code,
    severity === 'no-effect' ? 'no effect' : severity,
    sentence,
  ])

  expect(rows).toEqual(known)
})

test('docs/models.md lists every provider with its variables', () => {
  const markdown = readFileSync('docs/models.md', 'utf8')
  for (const { names, keyVariables, baseUrlVariables, part, needsBaseUrl, baseUrl } of PROVIDERS) {
    const variables = [...keyVariables, ...baseUrlVariables, ...(part?.variables ?? [])]
    const url = needsBaseUrl ? [] : [baseUrl]
    for (const word of [...names, ...variables, ...url]) expect(markdown).toContain(`\`${word}\``)
  }
})

test('docs/crews.md, and docs/models.md for models, list every field of a crew file that counts', () => {
  const markdown = readFileSync('docs/crews.md', 'utf8')
  const snakeCase = (field: string) =>
    field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const models = readFileSync('docs/models.md', 'utf8')

  for (const field of [...AGENT.supported, ...TASK.supported, ...CREW.supported])
    expect(markdown).toContain(`\`${snakeCase(field)}\``)
  for (const field of LLM.supported) expect(models).toContain(`\`${snakeCase(field)}\``)
})
