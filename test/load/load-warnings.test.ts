import { expect, test } from 'vitest'
import { loadFiles, problemsOf, yamlCrew } from '../harness/temporary-crews.ts'

const agents = (text: string) => yamlCrew({ 'config/agents.yaml': text })
const tasks = (text: string) => yamlCrew({ 'config/tasks.yaml': text })
const settings = (text: string) => yamlCrew({ 'crew.yaml': text })
const TASKS_FILE = 'crew/config/tasks.yaml'

/** A correct agent, with fields added. */
const agent = (fields: string) =>
  agents(`researcher:\n  role: R\n  goal: G\n  backstory: B\n${fields.replaceAll(/^/gm, '  ')}\n`)

/** A correct task, with fields added. */
const task = (fields: string) =>
  tasks(
    `research_task:\n  description: D\n  expected_output: E\n  agent: researcher\n${fields.replaceAll(/^/gm, '  ')}\n`,
  )

test.each([
  ['rle: x', 'researcher.rle: is no field of an agent, ignored; did you mean role?'],
  ['maxIter: 3', 'researcher.maxIter: is no field of an agent, ignored; did you mean max_iter?'],
  ['favourite_colour: red', 'researcher.favourite_colour: is no field of an agent, ignored'],
  ['memory: true', 'researcher.memory: has no effect yet'],
  ['max_retry_limit: 0', 'researcher.max_retry_limit: has no effect yet'],
  ['use_system_prompt: false', 'researcher.use_system_prompt: has no effect yet'],
  ['knowledge_sources: [a.pdf]', 'researcher.knowledge_sources: has no effect yet'],
  ['llm: { thinking: true }', 'researcher.llm.thinking: has no effect yet'],
  ['llm: { n: 2 }', 'researcher.llm.n: has no effect yet'],
])('an agent with %s is a warning', async (field, message) => {
  const { crews, problems } = await loadFiles(agent(field))

  expect(problems).toMatchObject([{ severity: 'warning', crew: 'crew' }])
  expect(problems.map(({ key, message: text }) => `${key}: ${text}`)).toEqual([message])
  expect(crews.size).toBe(1)
})

test.each([
  ['guardrail: Be short.', 'guardrail: has no effect yet'],
  ['output_json: Report', 'output_json: has no effect yet'],
  ['output_pydantic: Report', 'output_pydantic: has no effect yet'],
  ['output_file: report.md', 'output_file: has no effect yet'],
  ['async_execution: true', 'async_execution: has no effect yet'],
  ['name: Other', 'name: is ignored: a task is called like its key, research_task'],
  [
    'expected_outputs: x',
    'expected_outputs: is no field of a task, ignored; did you mean expected_output?',
  ],
])('a task with %s is a warning', async (field, message) => {
  expect(await problemsOf(task(field))).toEqual([
    `warning: ${TASKS_FILE}: research_task.${message}`,
  ])
})

test.each([
  ['planning: true', 'planning: has no effect yet'],
  ['memory: true', 'memory: has no effect yet'],
  ['agents: []', 'agents: is no field of a crew, ignored'],
  [
    'manager_llm: gpt-4o',
    'manager_llm: has no effect, because only a crew with process: hierarchical has a manager',
  ],
])('crew.yaml with %s is a warning', async (text, message) => {
  expect(await problemsOf(settings(text))).toEqual([`warning: crew/crew.yaml: ${message}`])
})

test('fields that say what happens anyway are silent', async () => {
  const problems = await problemsOf(
    yamlCrew({
      'config/agents.yaml': `
researcher:
  role: R
  goal: G
  backstory: B
  verbose: true
  cache: false
  memory: false
  max_retry_limit: 2
  respect_context_window: true
  knowledge_sources: []
  max_rpm:
  type: Agent
  use_better_compaction: true
  llm: { model: gpt-4o, stream: true, n: 1 }
`,
      'config/tasks.yaml': `
research_task:
  description: D
  expected_output: E
  agent: researcher
  async_execution: false
  guardrail_max_retries: 3
  markdown: false
  callback: null
  type: crewai.Task
`,
      'crew.yaml':
        'name: Other\nverbose: no\ncache: true\nplanning: off\nmemory: No\ntracing: true',
    }),
  )

  expect(problems).toEqual([])
})

test('an output file counts for its placeholders, though no file is written', async () => {
  const { crews } = await loadFiles(task('output_file: "{topic}.md"'))

  expect(crews.get('crew')?.tasks[0]?.outputFile).toBe('{topic}.md')
})
