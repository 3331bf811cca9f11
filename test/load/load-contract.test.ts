import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadCrew } from '../../src/load/load-crew.ts'
import {
  jsoncCrew,
  loadFiles,
  problemsOf,
  temporaryCrews,
  yamlCrew,
} from '../harness/temporary-crews.ts'

const settings = (text: string) => yamlCrew({ 'crew.yaml': text })

const TYPESCRIPT = `
import { defineCrew } from 'coxswain'
export default defineCrew({
  version: '2.1',
  agents: { researcher: { role: 'R', goal: 'G', backstory: 'B' } },
  tasks: { research_task: { description: 'Research {topic}', expectedOutput: 'E', agent: 'researcher' } },
  inputAliases: { topic: ['subject', 'theme'] },
})
`

test('every format may label its version, and give other names to an input', async () => {
  using typescript = temporaryCrews({ 'crew/crew.ts': TYPESCRIPT })
  const yaml = await loadFiles(
    settings('version: "2.1"\ninput_aliases: { topic: [subject, theme] }'),
  )
  const jsonc = await loadFiles(
    jsoncCrew({ version: '2.1', input_aliases: { topic: ['subject', 'theme'] } }),
  )
  const code = await loadCrew(join(typescript.path, 'crew'))

  for (const { problems } of [yaml, jsonc, code]) expect(problems).toEqual([])
  for (const crew of [yaml.crews.get('crew'), jsonc.crews.get('crew'), code.crew])
    expect(crew).toMatchObject({
      label: '2.1',
      inputAliases: { topic: ['subject', 'theme'] },
    })
})

test('one other name needs no list, and a whole number no quotes', async () => {
  const { crews } = await loadFiles(settings('version: 3\ninput_aliases: { topic: subject }'))

  expect(crews.get('crew')).toMatchObject({ label: '3', inputAliases: { topic: ['subject'] } })
})

test.each([
  // YAML would have made 1.1 of it.
  ['version: 1.10', 'version: must be a short text, with a fraction in quotes'],
  ['version: ""', 'version: must be a short text'],
  ['version: [1]', 'version: must be a short text'],
  [`version: ${'x'.repeat(101)}`, 'version: must be a short text'],
  [`version: ${'0f'.repeat(16)}`, 'version: must not look like the hash of a version'],
  ['input_aliases: subject', 'input_aliases: must be a map of input names to their other names'],
  ['input_aliases: { topic: 5 }', 'input_aliases.topic: must be a name, or a list of names'],
  ['input_aliases: { topic: [""] }', 'input_aliases.topic'],
  [
    'input_aliases: { topc: [subject] }',
    'input_aliases.topc: is no input of this crew; its inputs: topic',
  ],
  [
    'input_aliases: { topic: [topic] }',
    'input_aliases.topic: names "topic", which is taken by the input topic',
  ],
  [
    'input_aliases: { topic: [subject, subject] }',
    'input_aliases.topic: names "subject", which is taken by the input topic',
  ],
])('%s is an error', async (text, message) => {
  const problems = await problemsOf(settings(text))

  expect(problems.length).toBe(1)
  expect(problems[0]).toContain(`error: crew/crew.yaml: ${message}`)
})

test('a name that two inputs want is an error', async () => {
  const tasks = `
research_task:
  description: Research {topic} for {audience}.
  expected_output: A list.
  agent: researcher
`
  const problems = await problemsOf(
    yamlCrew({
      'config/tasks.yaml': tasks,
      'crew.yaml': 'input_aliases: { topic: [about], audience: [about, topic] }',
    }),
  )

  expect(problems).toEqual([
    'error: crew/crew.yaml: input_aliases.audience: names "about", which is taken by the input topic',
    'error: crew/crew.yaml: input_aliases.audience: names "topic", which is taken by the input topic',
  ])
})
