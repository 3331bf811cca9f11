import { expect, test } from 'vitest'
import { jsoncCrew, loadFiles, placedProblemsOf, problemsOf } from '../harness/temporary-crews.ts'

const crewText = (text: string) => ({ ...jsoncCrew(), 'crew/crew.jsonc': text })
const task = (fields: object) =>
  jsoncCrew({ tasks: [{ description: 'D', expected_output: 'E', agent: 'researcher', ...fields }] })

test('the JSON files of CrewAI make a crew, with comments and trailing commas', async () => {
  const { crews, problems } = await loadFiles({
    'crew/crew.jsonc': `{
      // The team
      "name": "crew",
      "process": "hierarchical",
      "manager_agent": "lead", /* not among the agents */
      "agents": ["researcher", "writer",],
      "inputs": { "topic": "AI" },
      "tasks": [
        { "name": "research_task", "description": "Research {topic}.", "expected_output": "A list.", "agent": "researcher" },
        { "description": "Write.", "expected_output": "A text.", "context": ["research_task"], "human_input": true },
      ],
    }`,
    'crew/agents/researcher.jsonc': `{ "role": "R", "goal": "G", "backstory": "B", "max_iter": 3,
      "settings": { "max_iter": 4, "llm": { "model": "openai/gpt-4o", "temperature": 0 } } }`,
    'crew/agents/writer.json': '{ "role": "W", "goal": "G", "backstory": "B" }',
    'crew/agents/lead.jsonc': '{ "role": "L", "goal": "G", "backstory": "B" }',
    'crew/agents/retired.jsonc': 'nobody reads this',
  })

  expect(problems).toEqual([])
  expect(crews.get('crew')).toMatchObject({
    process: 'hierarchical',
    managerAgent: { key: 'lead', role: 'L' },
    agents: [
      {
        key: 'researcher',
        maxIter: 4,
        llm: { name: 'openai/gpt-4o', parameters: { temperature: 0 } },
      },
      { key: 'writer', role: 'W', maxIter: 25 },
    ],
    tasks: [
      { name: 'research_task', agent: 'researcher', context: null, humanInput: false },
      { name: 'task_2', agent: null, context: ['research_task'], humanInput: true },
    ],
    inputs: { topic: 'AI' },
  })
})

test('crew.json is crew.jsonc', async () => {
  const { 'crew/crew.jsonc': text = '', ...rest } = jsoncCrew()

  expect(await problemsOf({ ...rest, 'crew/crew.json': text })).toEqual([])
})

test.each([
  [
    'a missing colon',
    '{"a": 1,\n "b" 2}',
    ':2:6: a colon is missing between a key and its value [syntax]',
  ],
  ['a missing comma', '{"a": 1\r\n "b": 2}', ':2:2: a comma is missing before this [syntax]'],
  [
    'an open bracket',
    '{"a": [1',
    ':1:9: a [ that is opened is not closed; write ] here, or a comma before this [syntax]',
  ],
  [
    'a value of Python',
    '{"a": True}',
    ":1:7: is no value; a text stands in double quotes, Python's True, False and None are true, false and null [syntax]",
  ],
  ['nothing in it', '// later', ':1:9: a value is expected here [syntax]'],
  ['a list', '[]', ':1:1: must be a map of fields, but is a list [value-wrong]'],
  [
    'brackets without end',
    '['.repeat(200_000),
    ': cannot be read: Maximum call stack size exceeded [file-unreadable]',
  ],
])('a crew.jsonc with %s is an error that says where', async (_, text, message) => {
  expect(await placedProblemsOf(crewText(text))).toEqual([`error: crew/crew.jsonc${message}`])
})

test('of a key that is there twice the last one counts, as in CrewAI', async () => {
  const { 'crew/crew.jsonc': text = '' } = jsoncCrew()
  const files = crewText(
    String(text).replace('{', '{\n"description": "Old.",\n"description": "New.",'),
  )
  const { crews } = await loadFiles(files)

  expect(crews.get('crew')?.description).toBe('New.')
  expect(await placedProblemsOf(files)).toEqual([
    'warning: crew/crew.jsonc:2:1: description: is there again in line 3, where it counts; remove one of the two [key-twice]',
  ])
})

test.each([
  ['agents', {}, 'agents: is missing; it must be a list of agent names'],
  ['agents', { agents: {} }, 'agents: must be a list of agent names, but is a map'],
  ['agents', { agents: ['researcher', 3] }, 'agents[1]: must be the name of an agent, but is 3'],
  ['agents', { agents: ['researcher', 'bob'] }, 'agents[1]: there is no file agents/bob.jsonc'],
  ['tasks', {}, 'tasks: is missing; it must be a list of tasks'],
  ['tasks', { tasks: [] }, 'tasks: has no tasks'],
  ['tasks', { tasks: ['x'] }, 'tasks[0]: must be a map of fields, but is "x"'],
  ['proces', { proces: 'sequential' }, 'proces: is no field of a crew; did you mean process?'],
  ['__proto__', JSON.parse('{"__proto__": {"a": 1}}'), '__proto__: is no field of a crew'],
])('wrong %s in crew.jsonc are an error', async (key, settings, message) => {
  const { 'crew/crew.jsonc': text, ...rest } = jsoncCrew()
  const { [key]: _, ...crew } = JSON.parse(String(text))
  const changed = JSON.stringify({ ...crew, ...settings })

  expect(await problemsOf({ ...rest, 'crew/crew.jsonc': changed })).toEqual([
    `error: crew/crew.jsonc: ${message}`,
  ])
})

test('an agent that is listed twice is one, and a warning', async () => {
  const files = jsoncCrew({ agents: ['researcher', 'researcher'] })
  const { crews } = await loadFiles(files)

  expect(crews.get('crew')?.agents.length).toBe(1)
  expect(await problemsOf(files)).toEqual([
    'warning: crew/crew.jsonc: agents[1]: is listed already; once is enough',
  ])
})

test('an agent cannot be read from outside the folder of agents', async () => {
  const problems = await problemsOf({
    ...jsoncCrew({ agents: ['researcher', '../../secret'] }),
    'secret.jsonc': '{ "role": "secret" }',
  })

  expect(problems).toEqual([
    'error: crew/crew.jsonc: agents[1]: there is no file agents/../../secret.jsonc',
    'error: crew/crew.jsonc: agents[1]: cannot be called "../../secret"; a name starts with a letter and has letters, digits, spaces, and . _ - only',
  ])
})

test('the manager agent has a file but is not listed', async () => {
  const settings = { process: 'hierarchical', manager_agent: 'researcher' }

  expect(await problemsOf(jsoncCrew(settings))).toContain(
    'error: crew/crew.jsonc: manager_agent: is listed in agents; a manager is not',
  )
  expect(await problemsOf(jsoncCrew({ ...settings, manager_agent: 'lead' }))).toEqual([
    'error: crew/crew.jsonc: manager_agent: there is no file agents/lead.jsonc',
  ])
})

test.each([
  [{ rle: 'x' }, 'rle: is no field of an agent; did you mean role?'],
  [{ id: '1' }, 'id: is no field of an agent'],
  [{ settings: 3 }, 'settings: must be a map of fields, but is 3'],
  [{ settings: { max_iter: 0 } }, 'settings.max_iter: must be a whole number from 1 up, but is 0'],
  [{ settings: { nope: 1 } }, 'settings.nope: is no field of an agent'],
  [{ llm: { modle: 'x' } }, 'llm.modle: is no field of an llm; did you mean model?'],
])('an agent file with %j is an error', async (agent, message) => {
  expect(await problemsOf(jsoncCrew({}, agent))).toEqual([
    `error: crew/agents/researcher.jsonc: ${message}`,
  ])
})

test.each([
  [{ nam: 'x' }, 'nam: is no field of a task; did you mean name?'],
  [{ name: 3 }, 'name: must be a text, but is 3'],
  [{ agent: 'bob' }, 'agent: there is no agent "bob"; agents of this crew: researcher'],
])('a task with %j is an error', async (fields, message) => {
  expect(await problemsOf(task(fields))).toEqual([`error: crew/crew.jsonc: tasks[0].${message}`])
})

test('two tasks of the same name are an error', async () => {
  const twin = { name: 'twin', description: 'D', expected_output: 'E', agent: 'researcher' }

  expect(await problemsOf(jsoncCrew({ tasks: [twin, twin] }))).toEqual([
    'error: crew/crew.jsonc: tasks[1]: has the name "twin", which is taken',
  ])
})

test('known fields that have no effect yet are warnings in JSON too', async () => {
  expect(await problemsOf(task({ guardrail: 'Be short.', type: 'ConditionalTask' }))).toEqual([
    'warning: crew/crew.jsonc: tasks[0].guardrail: has no effect yet',
    'warning: crew/crew.jsonc: tasks[0].type: has no effect yet',
  ])
})
