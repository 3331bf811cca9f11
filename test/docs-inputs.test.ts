import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Crew } from '../src/crew/crew.ts'
import { FORMATS, INPUT_TYPES } from '../src/crew/inputs/declaration.ts'
import { settleInputs } from '../src/crew/inputs/settle-inputs.ts'
import { KEYWORDS, OWN_KEYWORDS } from '../src/load/fields/inputs/keywords.ts'
import { loadCrew } from '../src/load/load-crew.ts'
import { snakeCase } from '../src/load/source.ts'
import { temporaryCrews } from './harness/temporary-crews.ts'

const markdown = readFileSync('docs/inputs.md', 'utf8')

/** The first block of code in a language. */
function blockOf(language: string): string {
  return markdown.split(`\n\`\`\`${language}\n`)[1]?.split('\n```')[0] ?? ''
}

const TEXT = 'Write {pages} pages on {topic} since {since} as a {format}, {tone}, with {api_key}.'
const AGENT = { role: 'Writer', goal: 'Write', backstory: 'You write.' }
const TASK = { description: TEXT, expected_output: 'A text', agent: 'writer' }

const FILES = {
  yaml: {
    'yaml/crew.yaml': blockOf('yaml'),
    'yaml/config/agents.yaml': JSON.stringify({ writer: AGENT }),
    'yaml/config/tasks.yaml': JSON.stringify({ write_task: TASK }),
  },
  jsonc: {
    'jsonc/crew.jsonc': blockOf('jsonc').replace(
      '"inputs": {',
      `"agents": ["writer"], "tasks": [${JSON.stringify({ name: 'write_task', ...TASK })}], "inputs": {`,
    ),
    'jsonc/agents/writer.jsonc': JSON.stringify(AGENT),
  },
  ts: {
    'ts/crew.ts': `
      import { defineCrew } from 'coxswain'
      import { z } from 'zod'
      export default defineCrew({
        agents: { writer: ${JSON.stringify(AGENT)} },
        tasks: { write_task: { description: '${TEXT}', expectedOutput: 'A text', agent: 'writer' } },
        ${blockOf('ts')}
      })`,
  },
}

async function load(format: keyof typeof FILES): Promise<Crew> {
  using crews = temporaryCrews(FILES[format])
  const { crew, code, problems } = await loadCrew(join(crews.path, format))
  await code.stop()
  expect(problems).toEqual([])
  if (crew === null) throw new Error(`The example in ${format} is not loaded.`)
  return crew
}

test('docs/inputs.md declares the same inputs in every format', async () => {
  const [yaml, jsonc, ts] = await Promise.all([load('yaml'), load('jsonc'), load('ts')])
  const { inputs, inputDeclarations } = yaml

  expect(Object.keys(inputDeclarations).length).toBe(5)
  expect(inputs).toEqual({ tone: 'friendly', pages: 5, since: null })
  for (const other of [jsonc, ts]) expect(other).toMatchObject({ inputs, inputDeclarations })
})

test('docs/inputs.md shows the error that a kickoff gets', async () => {
  const { details } = JSON.parse(blockOf('json'))
  const given = { topic: 'tides', format: 'report', api_key: 'k', pages: 40 }
  const crew = await load('yaml')

  expect(() => settleInputs(crew, given)).toThrow(
    expect.objectContaining({
      params: { reason: JSON.parse(blockOf('json')).message, ...details },
    }),
  )
})

test('docs/inputs.md lists every field, type and format', () => {
  for (const name of [...KEYWORDS.keys(), ...OWN_KEYWORDS, ...INPUT_TYPES, ...FORMATS.keys()])
    expect(markdown).toContain(`\`${snakeCase(name)}\``)
})
