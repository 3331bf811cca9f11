// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the environment are written so
import { expect, test } from 'vitest'
import type { Files, Given } from './read-crew.ts'
import { crewOf, fieldsOf, HEAD, mistakesOf } from './read-crew.ts'

/** A crew with one agent, whose arguments are given, and what stands at the top of its file. */
function agentWith(passed: string, { top = '', before = '' } = {}): string {
  return `${HEAD}
${top}

@CrewBase
class Demo:
    @agent
    def researcher(self):
${before === '' ? '' : before.replaceAll(/^(?=.)/gm, '        ')}
        return Agent(config=self.agents_config['researcher'], ${passed})

    @task
    def research(self):
        return Task(config=self.tasks_config['research'])

    @crew
    def crew(self):
        return Crew(agents=self.agents, tasks=self.tasks)
`
}

async function fieldOf(name: string, crew: string | Files, given: Given = {}): Promise<unknown> {
  const files = typeof crew === 'string' ? { 'src/demo/crew.py': crew } : crew
  return fieldsOf((await crewOf(files, given)).agents, 'researcher')[name]
}

test('constants come over any way of importing', async () => {
  const top = `
from demo.settings import LIMIT as LIMIT_HERE
from .settings import TEXT
from .names import *
import demo.settings
import demo.settings as s
from . import settings
`
  const passed =
    'max_iter=LIMIT_HERE, role=TEXT, goal=STARRED, backstory=settings.DEEP["a"][0], cache=s.FLAG, max_rpm=demo.settings.LIMIT'
  const crew = await crewOf({
    'src/demo/crew.py': agentWith(passed, { top }),
    'src/demo/__init__.py': '',
    'src/demo/settings.py':
      'LIMIT = 2 * 5\nTEXT = "a" + f"{LIMIT}" + "b"\nDEEP = {"a": ["deep", 1]}\nFLAG = not True\n',
    'src/demo/names.py': '__all__ = ["STARRED"]\nSTARRED = "from a star"\nTEXT = "not taken"\n',
  })
  expect(fieldsOf(crew.agents, 'researcher')).toMatchObject({
    max_iter: 10,
    role: 'a10b',
    goal: 'from a star',
    backstory: 'deep',
    cache: false,
    max_rpm: 10,
  })
})

test('lists and maps may grow, in functions and at the top', async () => {
  const top = `
names = ["a"]
names.append("b")
names += ["c"]
for letter in ("d", "e"):
    names.append(letter)
def extended(more):
    result = list(names)
    result.extend(more)
    for index, word in enumerate(["x", "y"]):
        if word == "y":
            continue
        result.append(f"{word}{index}")
    return result
`
  const tools = await fieldOf(
    'tools',
    agentWith('tools=[name.upper() for name in extended(["f"]) if name != "b"]', { top }),
  )
  expect(tools).toEqual(['A', 'C', 'D', 'E', 'F', 'X0'])
})

test('what is changed in a way that cannot be followed is not known, and not what it was', async () => {
  const top = `
names = ["b", "a"]
names.sort()
picked = ["x", "y", "z"]
last = picked.pop()
first = picked.pop(0)
config = {"role": "R", "goal": "g", "agent": "someone"}
copied = config.copy()
who = copied.pop("agent")
del copied["role"]
copied.setdefault("backstory", who)
`
  const passed = 'goal=last, backstory=copied["backstory"], role=config["role"], tools=picked'
  const crew = await crewOf(agentWith(passed, { top }))
  expect(fieldsOf(crew.agents, 'researcher')).toMatchObject({
    goal: 'z',
    backstory: 'someone',
    role: 'R',
    tools: ['y'],
  })
  expect(await mistakesOf(agentWith('tools=names, goal=copied["role"]', { top }))).toEqual([
    'src/demo/crew.py:8:1: agents.researcher.tools.0: is changed by sort(), which cannot be followed',
    'src/demo/crew.py:24:81: agents.researcher.goal: the map has no "role"; it has goal, backstory',
  ])
})

test('the body of a try counts, and a handler only for what nothing else binds', async () => {
  const top = `
try:
    from fast_tools import Fast
    goal = "body"
except ImportError:
    Fast = None
    goal = "handler"
    fallback = "only here"
`
  const crew = await crewOf(agentWith('goal=goal, backstory=fallback, tools=[Fast()]', { top }))
  expect(fieldsOf(crew.agents, 'researcher')).toMatchObject({
    goal: 'body',
    backstory: 'only here',
    tools: [{ key: 'python:fast_tools:Fast()' }],
  })
})

test('a variable of the environment decides a branch', async () => {
  const top = `
def tools():
    found = ["a"]
    if os.getenv("EXTRA"):
        found.append("b")
    if os.environ.get("MODE", "plain") == "plain":
        found.append("c")
    return found
`
  const crew = agentWith('tools=tools()', { top })
  expect(await fieldOf('tools', crew)).toEqual(['a', 'c'])
  expect(await fieldOf('tools', crew, { environment: { EXTRA: '1', MODE: 'x' } })).toEqual([
    'a',
    'b',
  ])
  expect((await crewOf(crew)).variables).toEqual(['EXTRA', 'MODE'])
})

test('a variable that a function demands is not what decides its branch', async () => {
  const top = `
def model():
    key = os.getenv("SOME_KEY")
    if not key:
        raise ValueError("SOME_KEY is required")
    return LLM(model=os.getenv("MODEL", "openai/gpt-4o"), api_key=key, base_url=f"https://{os.getenv('HOST')}/v1")
`
  expect(await fieldOf('llm', agentWith('llm=model()', { top }))).toEqual({
    model: '${MODEL:-openai/gpt-4o}',
    api_key: '${SOME_KEY}',
    base_url: 'https://${HOST}/v1',
  })
  const environment = { SOME_KEY: 'secret', MODEL: 'groq/llama' }
  expect(await fieldOf('llm', agentWith('llm=model()', { top }), { environment })).toMatchObject({
    model: 'groq/llama',
    api_key: '${SOME_KEY}',
  })
})

test("LLM objects of langchain's become models of their providers", async () => {
  const top = `
from langchain_openai import ChatOpenAI, AzureChatOpenAI
from langchain_community.llms import Ollama
from langchain_google_genai import ChatGoogleGenerativeAI
from langchain_groq import ChatGroq
`
  const llm = (made: string) => fieldOf('llm', agentWith(`llm=${made}`, { top }))
  expect(
    await llm('ChatOpenAI(model_name="gpt-4o", temperature=0.2, openai_api_key=os.environ["KEY"])'),
  ).toEqual({
    model: 'openai/gpt-4o',
    temperature: 0.2,
    api_key: '${KEY}',
  })
  expect(await llm('Ollama(model="llama3.1")')).toEqual({ model: 'ollama/llama3.1' })
  expect(await llm('ChatGroq(model="llama3", groq_api_key=os.getenv("G"))')).toEqual({
    model: 'groq/llama3',
    api_key: '${G}',
  })
  expect(await llm('ChatGoogleGenerativeAI(model="models/gemini-pro")')).toEqual({
    model: 'gemini/gemini-pro',
  })
  expect(await llm('AzureChatOpenAI(azure_deployment="d", azure_endpoint="https://a.b")')).toEqual({
    model: 'azure/d',
    base_url: 'https://a.b',
  })
})

test('tools of CrewAI, with their arguments', async () => {
  const top =
    'from crewai_tools import FileReadTool, SerperDevTool\nshared = SerperDevTool()\nPATH = "a.txt"'
  expect(
    await fieldOf('tools', agentWith('tools=[shared, FileReadTool(file_path=PATH)]', { top })),
  ).toMatchObject([
    {
      key: 'python:crewai_tools:SerperDevTool()',
      expr: 'SerperDevTool()',
      names: { SerperDevTool: { import: 'crewai_tools:SerperDevTool' } },
      at: 'src/demo/crew.py:7',
      known: { kind: 'object', class: 'crewai_tools.SerperDevTool', arguments: {} },
    },
    {
      key: 'python:crewai_tools:FileReadTool(file_path="a.txt")',
      expr: 'FileReadTool(file_path="a.txt")',
      known: { arguments: { file_path: 'a.txt' } },
    },
  ])
})

test('tools of the project, from folders that Python searches', async () => {
  const top = 'from tools.own import Counter, look_up\nfrom demo.tools.own import Counter as Same'
  const own = `
from crewai.tools import BaseTool, tool
from typing import Type
class Counter(BaseTool):
    name: str = "Counter"
    description: str = (
        "Counts "
        "letters."
    )
    def _run(self, text: str) -> str:
        return str(len(text))

@tool("Look up")
def look_up(word: str) -> str:
    """Looks a word up.

    In a book."""
    return word
`
  const tools = await fieldOf('tools', {
    'src/demo/crew.py': agentWith('tools=[Counter(), look_up, Same(n=[1, LLM], **{"m": 2})]', {
      top,
    }),
    'src/demo/tools/own.py': own,
  })
  expect(tools).toMatchObject([
    {
      key: 'python:tools.own:Counter()',
      known: { kind: 'tool', name: 'Counter', description: 'Counts letters.' },
    },
    {
      key: 'python:tools.own:look_up',
      expr: 'look_up',
      names: { look_up: { import: 'tools.own:look_up' } },
      known: { kind: 'tool', name: 'Look up', description: 'Looks a word up.\n\nIn a book.' },
    },
    { expr: 'Counter(n=_value, m=2)', names: { _value: { expr: '[1, LLM]' } } },
  ])
})

test('what only Python can tell keeps what its names stand for', async () => {
  const top = `
import datetime
from some_library import get_tools
from .helpers import prefix
WIDTH = 3
unknown = get_tools(width=WIDTH)
`
  const crew = await crewOf({
    'src/demo/crew.py': agentWith(
      'tools=[unknown[0], *[t for t in unknown if t.name != WIDTH]][:1], goal=f"It is {datetime.date.today():%Y}", step_callback=lambda out: prefix(out, WIDTH)',
      { top },
    ),
    'src/demo/helpers.py': 'def prefix(out, n):\n    while True:\n        pass\n',
  })
  const fields = fieldsOf(crew.agents, 'researcher')
  expect(fields['goal']).toMatchObject({
    expr: 'f"It is {datetime.date.today():%Y}"',
    names: { datetime: { import: 'datetime' } },
  })
  expect(fields['step_callback']).toMatchObject({
    expr: 'lambda out: prefix(out, 3)',
    names: { prefix: { import: 'demo.helpers:prefix' } },
  })
  expect(fields['tools']).toMatchObject({
    expr: '[_value[0], *[t for t in _value if t.name != 3]][:1]',
    names: {
      _value: {
        expr: 'get_tools(width=3)',
        names: { get_tools: { import: 'some_library:get_tools' } },
      },
    },
  })
})

test('a call that cannot be followed is left to Python, with its arguments', async () => {
  const top = `
def slow(count, name="x"):
    while count > 0:
        count -= 1
    return count
`
  expect(
    await fieldOf('max_iter', agentWith('max_iter=slow(3, name=os.getenv("NAME"))', { top })),
  ).toMatchObject({
    key: 'python:demo.crew:slow(3, name=$NAME)',
    expr: 'slow(3, name=name)',
    names: { slow: { import: 'demo.crew:slow' }, name: { env: 'NAME' } },
    why: 'slow() has a while, which cannot be followed',
  })
})

test('what a method makes inside is taken from what the method gives', async () => {
  const before = 'def shout(text):\n    return text.upper()\n'
  expect(
    await fieldOf('step_callback', agentWith('step_callback=shout', { before })),
  ).toMatchObject({
    key: 'python:demo.crew:Demo.researcher().step_callback',
    expr: '_value.step_callback',
  })
})

test('settings of pydantic come from the environment', async () => {
  const top = `
from pydantic_settings import BaseSettings
from pydantic import Field
from enum import Enum
class Settings(BaseSettings):
    model_name: str = "openai/gpt-4o"
    key: str = Field(..., alias="SECRET_KEY")
settings = Settings()
class Kind(str, Enum):
    BIG = "big"
`
  expect(
    await fieldOf(
      'llm',
      agentWith('llm=LLM(model=settings.model_name, api_key=settings.key)', { top }),
    ),
  ).toEqual({
    model: '${MODEL_NAME:-openai/gpt-4o}',
    api_key: '${SECRET_KEY}',
  })
  expect(await fieldOf('goal', agentWith('goal=Kind.BIG, role=Kind.BIG.value', { top }))).toBe(
    'big',
  )
})

test('__init__ runs with its defaults, and a parameter without one is named', async () => {
  const crew = (signature: string) => `${HEAD}
@CrewBase
class Demo:
    def __init__(self${signature}):
        super().__init__()
        self.limit = limit

    @agent
    def researcher(self):
        return Agent(config=self.agents_config['researcher'], max_iter=self.limit)

    @task
    def research(self):
        return Task(config=self.tasks_config['research'])

    @crew
    def crew(self):
        return Crew(agents=self.agents, tasks=self.tasks)
`
  expect(await fieldOf('max_iter', crew(', limit=4'))).toBe(4)
  expect(await fieldOf('max_iter', crew(', limit'), { arguments: { limit: 5 } })).toBe(5)
  expect(await mistakesOf(crew(', limit'))).toEqual([
    'src/demo/crew.py:8:5: agents.researcher.max_iter: comes from the parameter limit of __init__, which nothing gives; give it a default, or name it in crew.yaml: arguments: {limit: …}',
  ])
})

test('a module that is no Python is named where all of its names are imported, too', async () => {
  expect(
    await mistakesOf({
      'src/demo/crew.py': agentWith('tools=[a, b], max_iter=len("abc")', {
        top: 'from .tools import *',
      }),
      'src/demo/tools.py': 'def a(:\n',
    }),
  ).toEqual([
    'src/demo/tools.py:1:7: agents.researcher.tools.0: is not valid Python: expected parameter name',
  ])
})

test('mistakes name their cause once, and what to do', async () => {
  expect(
    await mistakesOf(
      agentWith(
        'llm=LLMM(model="x"), tools=[SerperDevTool()], goal=self.tasks_config["reserch"]["description"]',
      ),
    ),
  ).toEqual([
    'src/demo/crew.py:13:67: agents.researcher.llm: LLMM is not defined; did you mean LLM?',
    'src/demo/crew.py:13:91: agents.researcher.tools.0: SerperDevTool is not defined; add: from crewai_tools import SerperDevTool',
    'src/demo/crew.py:13:114: agents.researcher.goal: src/demo/config/tasks.yaml has no "reserch"; did you mean "research"?',
  ])
  expect(
    await mistakesOf({
      'src/demo/crew.py': agentWith('tools=[a, b]', { top: 'from .tools import a, b' }),
      'src/demo/tools.py': 'def a(:\n',
    }),
  ).toEqual([
    'src/demo/tools.py:1:7: agents.researcher.tools.0: is not valid Python: expected parameter name',
  ])
})

test('the methods that @CrewBase gives to a class are left to Python', async () => {
  const tools = await fieldOf('tools', agentWith('tools=self.get_mcp_tools("ships")'))

  expect(tools).toMatchObject({
    key: 'python:demo.crew:Demo.get_mcp_tools("ships")',
    names: { _value: { names: { self: { self: 'demo.crew:Demo' } } } },
  })
})

test('names that JavaScript knows are names like others', async () => {
  const top = 'import constructor, toString\nfrom __proto__ import x\nfrom hasOwnProperty import y'
  const passed = 'tools=[constructor(), toString(1), x(), y.z, {"__proto__": 1, "constructor": 2}]'
  const tools = await fieldOf('tools', agentWith(passed, { top }))
  expect(tools).toMatchObject([
    { key: 'python:constructor()', names: { constructor: { import: 'constructor' } } },
    { key: 'python:toString(1)' },
    { key: 'python:__proto__:x()', names: { x: { import: '__proto__:x' } } },
    { key: 'python:hasOwnProperty:y.z' },
    JSON.parse('{"__proto__": 1, "constructor": 2}'),
  ])
})

test('a method of a class that is given arguments belongs to an object made with them', async () => {
  const crew = `${HEAD}
@CrewBase
class Demo:
    def __init__(self, limit):
        self.limit = limit

    def check(self, output):
        return True, output

    @agent
    def researcher(self):
        return Agent(config=self.agents_config['researcher'], guardrail=self.check)

    @task
    def research(self):
        return Task(config=self.tasks_config['research'])

    @crew
    def crew(self):
        return Crew(agents=self.agents, tasks=self.tasks)
`
  expect(await fieldOf('guardrail', crew, { arguments: { limit: 5 } })).toMatchObject({
    key: 'python:demo.crew:Demo(limit=5).check',
    expr: 'self.check',
    names: { self: { expr: 'Demo(limit=5)', names: { Demo: { import: 'demo.crew:Demo' } } } },
  })
})
