import { expect, test } from 'vitest'
import { problemsOf, yamlCrew } from '../harness/temporary-crews.ts'

const agents = (text: string) => yamlCrew({ 'config/agents.yaml': text })
const tasks = (text: string) => yamlCrew({ 'config/tasks.yaml': text })
const settings = (text: string) => yamlCrew({ 'crew.yaml': text })
const AGENTS_FILE = 'crew/config/agents.yaml'
const TASKS_FILE = 'crew/config/tasks.yaml'

test.each([
  ['an empty file', '', 'must be a map of names to fields, but is empty'],
  [
    'a list of names',
    '- researcher',
    '[0]: must be a map of fields with a name, but is "researcher"',
  ],
  [
    'a list without names',
    '- role: R',
    '[0].name: is missing; it must be the name that others refer to',
  ],
  ['a text for an agent', 'researcher: hi', 'researcher: must be a map of fields, but is "hi"'],
  [
    'a name of digits, which would change the order',
    '1: { role: R, goal: G, backstory: B }\nresearcher: { role: R, goal: G, backstory: B }',
    '1: cannot be called "1"; a name starts with a letter and has letters, digits, spaces, and . _ - only',
  ],
])('agents.yaml with %s is an error', async (_, text, message) => {
  expect(await problemsOf(agents(text))).toContain(`error: ${AGENTS_FILE}: ${message}`)
})

test.each([
  ["role: ''", 'role: is empty; it must be a text'],
  ['goal: 5', 'goal: must be a text, but is 5'],
  ['backstory: [B]', 'backstory: must be a text, but is a list'],
  ['backstory:', 'backstory: is missing; it must be a text'],
  ['max_iter: 0', 'max_iter: must be a whole number from 1 up, but is 0'],
  ['max_iter: 2.5', 'max_iter: must be a whole number from 1 up, but is 2.5'],
  ['max_iter: many', 'max_iter: must be a whole number from 1 up, but is "many"'],
  ['allow_delegation: maybe', 'allow_delegation: must be true or false, but is "maybe"'],
  ['tools: search', 'tools: must be a list of tool names, but is "search"'],
  ['llm: 4', 'llm: must be the name of a model, or a map of model and parameters, but is 4'],
  ['llm: { temperature: 3 }', 'llm.temperature: must be a number from 0 to 2, but is 3'],
  ['llm: { top_p: high }', 'llm.top_p: must be a number from 0 to 1, but is "high"'],
  ['llm: { stop: 4 }', 'llm.stop: must be a text or a list of texts, but is 4'],
])('an agent with %s is an error', async (field, message) => {
  const replaced = field.split(':')[0] ?? ''
  const text = ['role: R', 'goal: G', 'backstory: B']
    .filter((line) => !line.startsWith(replaced))
    .concat(field)
    .map((line) => `  ${line}\n`)
    .join('')

  expect(await problemsOf(agents(`researcher:\n${text}`))).toEqual([
    `error: ${AGENTS_FILE}: researcher.${message}`,
  ])
})

test.each([
  ['agent: bob', 'agent: there is no agent "bob"; agents of this crew: researcher'],
  [
    'agent:',
    'agent: is missing; in a sequential crew every task names its agent, one of: researcher',
  ],
  ['context: earlier', 'context: must be a list of task names, but is "earlier"'],
  ['context: [write_task]', 'context[0]: task "write_task" runs later; earlier tasks: none'],
  ['context: [research_task]', 'context[0]: a task cannot be its own context'],
  ["agent: ''", 'agent: is empty; it must be a text'],
  ["context: ['']", 'context[0]: is empty; it must be a text'],
  ['context: [nope]', 'context[0]: there is no task "nope"; earlier tasks: none'],
  ['human_input: perhaps', 'human_input: must be true or false, but is "perhaps"'],
  [
    'tools: [search]',
    'tools[0]: there is no file tools/search.ts or tools/search.py; tools of this crew: none',
  ],
  [
    'tools: [custom:search]',
    'tools[0]: there is no file tools/search.ts or tools/search.py; tools of this crew: none',
  ],
  ['tools: [3]', 'tools[0]: must be the name of a tool, but is 3'],
  ['expected_output: {}', 'expected_output: must be a text, but is a map'],
])('a task with %s is an error', async (field, message) => {
  const replaced = field.split(':')[0] ?? ''
  const text = ['description: D', 'expected_output: E', 'agent: researcher']
    .filter((line) => !line.startsWith(replaced))
    .concat(field)
    .map((line) => `  ${line}\n`)
    .join('')
  const later = 'write_task: { description: D, expected_output: E, agent: researcher }\n'

  expect(await problemsOf(tasks(`research_task:\n${text}${later}`))).toEqual([
    `error: ${TASKS_FILE}: research_task.${message}`,
  ])
})

test.each([
  ['process: parallel', 'process: must be sequential or hierarchical, but is "parallel"'],
  [
    'process: hierarchical',
    'process: hierarchical needs a manager: manager_agent, the key of an agent, or manager_llm, a model',
  ],
  ['manager_agent: bob', 'manager_agent: there is no agent "bob"; agents of this crew: researcher'],
  ['inputs: [topic]', 'inputs: must be a map of input names to their defaults, but is a list'],
  ['inputs: { n: .nan }', 'inputs.n: must be a JSON value, but is NaN'],
  [
    'model_retry_horizon_seconds: -1',
    'model_retry_horizon_seconds: must be a whole number of seconds, up to 2592000, but is -1',
  ],
  [
    'model_retry_horizon_seconds: 2592001',
    'model_retry_horizon_seconds: must be a whole number of seconds, up to 2592000, but is 2592001',
  ],
  ['description: 5', 'description: must be a text, but is 5'],
  ['hierarchical', 'must be a map of fields, but is "hierarchical"'],
])('crew.yaml with %s is an error', async (text, message) => {
  expect(await problemsOf(settings(text))).toEqual([`error: crew/crew.yaml: ${message}`])
})

test('everything that is wrong is reported at once', async () => {
  const problems = await problemsOf(
    yamlCrew({
      'crew.yaml': "process: hierarchical\ndescription: ''\ninputs: { n: .nan }",
      'config/agents.yaml': 'researcher: { role: R, max_iter: 0 }',
      'config/tasks.yaml': 'research_task: { agent: bob, context: [nope] }',
    }),
  )

  expect(problems).toEqual([
    'error: crew/crew.yaml: description: is empty; it must be a text',
    'error: crew/crew.yaml: inputs.n: must be a JSON value, but is NaN',
    'error: crew/crew.yaml: process: hierarchical needs a manager: manager_agent, the key of an agent, or manager_llm, a model',
    `error: ${AGENTS_FILE}: researcher.goal: is missing; it must be a text`,
    `error: ${AGENTS_FILE}: researcher.backstory: is missing; it must be a text`,
    `error: ${AGENTS_FILE}: researcher.max_iter: must be a whole number from 1 up, but is 0`,
    `error: ${TASKS_FILE}: research_task.description: is missing; it must be a text`,
    `error: ${TASKS_FILE}: research_task.expected_output: is missing; it must be a text`,
    `error: ${TASKS_FILE}: research_task.agent: there is no agent "bob"; agents of this crew: researcher`,
    `error: ${TASKS_FILE}: research_task.context[0]: there is no task "nope"; earlier tasks: none`,
  ])
})

test('a missing file is an error of its own, not of everything that refers to it', async () => {
  const { 'crew/config/agents.yaml': _, ...rest } = yamlCrew()

  expect(await problemsOf(rest)).toEqual([
    `error: ${AGENTS_FILE}: is missing; it has the agents of the crew`,
  ])
})

test('a crew needs a task, and an agent besides its manager', async () => {
  expect(await problemsOf(tasks('{}'))).toEqual([`error: ${TASKS_FILE}: has no tasks`])
  expect(await problemsOf(settings('process: hierarchical\nmanager_agent: researcher'))).toEqual([
    `error: ${AGENTS_FILE}: has no agents that could do the tasks`,
    `error: ${TASKS_FILE}: research_task.agent: is the manager, which hands tasks to the others`,
  ])
})

test('in a hierarchical crew a task needs no agent', async () => {
  const problems = await problemsOf(
    yamlCrew({
      'crew.yaml': 'process: hierarchical\nmanager_llm: openai/gpt-4o',
      'config/tasks.yaml': 'research_task: { description: D, expected_output: E }',
    }),
  )

  expect(problems).toEqual([])
})

test('a manager agent may not have tools', async () => {
  const problems = await problemsOf(
    yamlCrew({
      'crew.yaml': 'process: hierarchical\nmanager_agent: lead',
      'config/agents.yaml': `
researcher: { role: R, goal: G, backstory: B }
lead: { role: R, goal: G, backstory: B, tools: [search] }
`,
      'tools/search.js': `
import { defineTool } from 'coxswain'
import { z } from 'zod'
export default defineTool({ name: 'search', description: 'D', parameters: z.object({}), execute() {} })`,
    }),
  )

  expect(problems).toEqual([
    `error: ${AGENTS_FILE}: lead.tools: a manager agent may not have tools; give them to the agents that it delegates to`,
  ])
})
