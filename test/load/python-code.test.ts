import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadFolder } from '../../src/load/load-folder.ts'
import { describeProblem } from '../../src/load/problem.ts'
import { pythonProjects } from '../../src/workers/python/python-projects.ts'
import { callOf } from '../harness/call-of.ts'
import { temporaryCrews } from '../harness/temporary-crews.ts'
import { PYTHON } from '../workers/python/python-lab.ts'

const python = test.runIf(PYTHON !== null)

const CREW = `
from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task
from demo.models import choose
from demo.tools import WordCount

@CrewBase
class Demo:
    @agent
    def writer(self) -> Agent:
        return Agent(config=self.agents_config["writer"], llm=choose("writing"), tools=[WordCount()])

    @task
    def write(self) -> Task:
        return Task(config=self.tasks_config["write"])

    @crew
    def crew(self) -> Crew:
        return Crew(agents=self.agents, tasks=self.tasks, process=Process.sequential)
`

const TOOLS = `
from crewai.tools import BaseTool

class WordCount(BaseTool):
    name: str = "Word count"
    description: str = "Counts the words of a text."

    def _run(self, text: str) -> str:
        return str(len(text.split()))
`

/** Models of a library that looks like langchain's: what is known of those is read off the object. */
const MODELS = `
import os

from langchain_lab import ChatModel

def choose(purpose):
    while purpose == "nothing":
        pass
    return ChatModel(%s)
`

const LIBRARY = `
class BaseLanguageModel:
    def __init__(self, **values):
        self.__dict__.update(values)

class ChatModel(BaseLanguageModel):
    pass
`

function project(argumentsOfModel: string, tools = TOOLS) {
  return {
    'crew/pyproject.toml': '[project]\nname = "demo"',
    'crew/.env': 'MY_KEY=sk-of-the-project\n',
    'crew/src/demo/__init__.py': '',
    'crew/src/demo/crew.py': CREW,
    'crew/src/demo/tools.py': tools,
    'crew/src/demo/models.py': MODELS.replace('%s', argumentsOfModel),
    'crew/src/langchain_lab/__init__.py': LIBRARY,
    'crew/src/demo/config/agents.yaml':
      'writer: { role: Writer, goal: Write, backstory: You write. }',
    'crew/src/demo/config/tasks.yaml':
      'write: { description: Write, expected_output: A text, agent: writer }',
  }
}

function withoutModel(tools: string) {
  const crew = CREW.replace('llm=choose("writing"), ', '')
  return { ...project('model="gpt-4o-mini"', tools), 'crew/src/demo/crew.py': crew }
}

async function load(files: ReturnType<typeof project>) {
  using crews = temporaryCrews(files)
  const projects = pythonProjects({ interpreter: PYTHON })
  const { crews: loaded } = await loadFolder(join(crews.path, 'crew'), { python: projects.of })
  await projects.stop()
  const [{ crew = null, code, problems = [] } = {}] = loaded
  await code?.stop()
  return { crew, codeHash: code?.codeHash(), problems: problems.map(describeProblem) }
}

python(
  'a model that a function makes is told by Python, with the variable of its key',
  async () => {
    const { crew, problems } = await load(
      project(
        'model="gpt-4o-mini", temperature=0.5, base_url="https://llm.example/v1", api_key=os.environ["MY_KEY"]',
      ),
    )

    expect(problems).toEqual([])
    expect(crew?.agents[0]?.llm).toMatchObject({
      name: 'gpt-4o-mini',
      parameters: { temperature: 0.5 },
      connection: { baseUrl: 'https://llm.example/v1', apiKeyVariable: 'MY_KEY' },
    })
    expect(JSON.stringify(crew)).not.toContain('sk-of-the-project')
  },
)

python('a key that stands in the code is not used, and told of without showing it', async () => {
  const { crew, problems } = await load(project('model="gpt-4o-mini", api_key="sk-literal-1234"'))

  expect(crew?.agents[0]?.llm.connection).toEqual({})
  expect(problems).toEqual([expect.stringContaining('has a key that no variable holds')])
  expect(problems.join()).not.toContain('sk-literal-1234')
})

python('a tool of which the files tell all starts no Python before its first call', async () => {
  using crews = temporaryCrews(withoutModel(TOOLS))
  const dir = realpathSync(join(crews.path, 'crew'))
  const projects = pythonProjects({ interpreter: PYTHON })
  const { crews: loaded } = await loadFolder(dir, { python: projects.of })
  const code = projects.of(dir)
  const tool = loaded[0]?.crew?.agents[0]?.tools[0]

  expect(loaded[0]?.problems).toEqual([])
  expect(tool).toMatchObject({ name: 'Word count', parameters: { schema: { required: ['text'] } } })
  expect(loaded[0]?.code.codeHash()).toMatch(/^[0-9a-f]{32}$/)
  expect(code.interpreter()).toBeNull()
  expect(tool && (await callOf(tool, { text: 'a b c' }))).toEqual({ text: '3', failed: false })
  expect(code.interpreter()).not.toBeNull()
  await projects.stop()
})

python.each([
  'result_as_answer: bool = True',
  'timeout_ms: int = 5',
  'def __init__(self, **given):\n        super().__init__(**given)',
])('a tool with `%s` is asked of Python when it is loaded', async (more) => {
  using crews = temporaryCrews(
    withoutModel(TOOLS.replace('    def _run', `    ${more}\n\n    def _run`)),
  )
  const dir = realpathSync(join(crews.path, 'crew'))
  const projects = pythonProjects({ interpreter: PYTHON })
  await loadFolder(dir, { python: projects.of })

  expect(projects.of(dir).interpreter()).not.toBeNull()
  await projects.stop()
})

python(
  'without an interpreter a crew with tools in Python is told of when it is loaded',
  async () => {
    using crews = temporaryCrews(withoutModel(TOOLS))
    const projects = pythonProjects({ interpreter: '/nowhere/python' })
    const { crews: loaded } = await loadFolder(join(crews.path, 'crew'), { python: projects.of })

    expect(loaded[0]?.crew).toBeNull()
    expect(loaded[0]?.problems.map(describeProblem)).toEqual([
      expect.stringContaining('/nowhere/python'),
    ])
  },
)

python("the hash of a crew's code follows the Python of its project", async () => {
  const model = 'model="gpt-4o-mini"'
  const first = await load(project(model))
  const same = await load(project(model))
  const changed = await load(project(model, TOOLS.replace('len(', '2 * len(')))

  expect(first.codeHash).toMatch(/^[0-9a-f]{32,}$/)
  expect(same.codeHash).toBe(first.codeHash)
  expect(changed.codeHash).not.toBe(first.codeHash)
})
