import { expect, test } from 'vitest'
import { jsoncCrew, placedProblemsOf, yamlCrew } from '../harness/temporary-crews.ts'

test('a problem in YAML says line and column of the key, also of one that is missing', async () => {
  const text = `researcher:
  role: Researcher
  goal: G
  tools: [search,
    fetch]
  llm:
    temperature: 3
`
  expect(await placedProblemsOf(yamlCrew({ 'config/agents.yaml': text }))).toEqual([
    'error: crew/config/agents.yaml:1:1: researcher.backstory: is missing; it must be a text [field-missing]',
    'error: crew/config/agents.yaml:7:5: researcher.llm.temperature: must be a number from 0 to 2, but is 3 [value-wrong]',
    'error: crew/config/agents.yaml:4:11: researcher.tools[0]: there is no file tools/search.ts or tools/search.py; tools of this crew: none [tool-unknown]',
    'error: crew/config/agents.yaml:5:5: researcher.tools[1]: there is no file tools/fetch.ts or tools/fetch.py; tools of this crew: none [tool-unknown]',
  ])
})

test('a problem in JSON says line and column of the key, also of one that is missing', async () => {
  const files = {
    ...jsoncCrew(),
    'crew/crew.jsonc': `{
  "agents": ["researcher"], // the only one
  "tasks": [
    { "name": "research_task",
      "expected_output": "E", "agent": "bob" },
  ],
}`,
  }

  expect(await placedProblemsOf(files)).toEqual([
    'error: crew/crew.jsonc:4:5: tasks[0].description: is missing; it must be a text [field-missing]',
    'error: crew/crew.jsonc:5:31: tasks[0].agent: there is no agent "bob"; agents of this crew: researcher [unknown-agent]',
  ])
})

test('a value that another map is merged from has the place of the map that has it', async () => {
  const text = 'base: &base\n  role: R\n  goal: 5\n  backstory: B\nresearcher:\n  <<: *base\n'

  expect(await placedProblemsOf(yamlCrew({ 'config/agents.yaml': text }))).toEqual([
    'error: crew/config/agents.yaml:3:3: base.goal: must be a text, but is 5 (also researcher.goal, line 5) [value-wrong]',
  ])
})

test('one cause is one problem, which lists where else it is', async () => {
  const task = (name: string) => `${name}:\n  description: D\n  expected_output: E\n`
  const files = yamlCrew({
    'config/tasks.yaml': ['one', 'two', 'three', 'four', 'five', 'six'].map(task).join(''),
  })

  expect(await placedProblemsOf(files)).toEqual([
    'error: crew/config/tasks.yaml:1:1: one.agent: is missing; in a sequential crew every task names its agent, one of: researcher (also two.agent, line 4; three.agent, line 7; four.agent, line 10; five.agent, line 13; 1 more) [task-without-agent]',
  ])
})

test('what a file says cannot speak to the terminal, nor make two lines of one', async () => {
  const text = '"\\e[2J\\n": { role: R, goal: G, backstory: B }'
  const [problem] = await placedProblemsOf(yamlCrew({ 'config/agents.yaml': text }))

  expect(problem).toMatch(/^error: crew\/config\/agents\.yaml:1:1: \uFFFD\[2J : cannot be called/)
})

test('the same cause in another file is told with the file', async () => {
  const agent = JSON.stringify({ role: 'R', goal: 'G', backstory: 'B', memory: true })
  const files = {
    ...jsoncCrew({ agents: ['researcher', 'writer'] }, { memory: true }),
    'crew/agents/writer.json': agent,
  }

  expect(await placedProblemsOf(files)).toEqual([
    'warning: crew/agents/researcher.jsonc:1:94: memory: has no effect yet (also memory, crew/agents/writer.json:1:40) [field-unsupported]',
  ])
})
