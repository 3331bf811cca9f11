import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toolContext } from '../../../src/tools/tool-context.ts'
import {
  isPythonValue,
  sentInstance,
  sentObject,
  sentPlain,
} from '../../../src/workers/python/values.ts'
import { callOf } from '../../harness/call-of.ts'
import { openPython } from '../../harness/open-python.ts'
import { temporaryDirectory } from '../../harness/temporary-directory.ts'
import { LAB, LAB_DIR, PYTHON, pythonWith, referenceTo } from './python-lab.ts'

const python = test.runIf(PYTHON !== null)
const PYDANTIC = pythonWith('pydantic')
const pythonWithPydantic = test.runIf(PYDANTIC !== null)
const CREWAI = pythonWith('crewai')
const pythonWithCrewai = test.runIf(CREWAI !== null)
const options = { interpreter: PYTHON }

const rules = () => {
  const { signal, ...context } = toolContext()
  return { context, signal }
}

python('tools come as instances, functions, lists and from what brings them', async () => {
  await using opened = openPython(LAB_DIR, options)
  const greeter = referenceTo('tools.more', 'Greeter', "Greeter(greeting='Hi')")
  const list = {
    ...referenceTo('tools.more', 'Toolkit', '[Toolkit("Ho"), tool]'),
    names: {
      Toolkit: { import: 'tools.more:Toolkit' },
      tool: { import: 'tools.more:shout' },
    },
  }

  const shout = await opened.value(referenceTo('tools.more', 'shout', 'shout'))
  const [[inList], again] = await opened.value(list)
  const classOf = await opened.value(referenceTo('tools.more', 'Greeter', 'Greeter'))

  expect(shout).toMatchObject({
    name: 'Shout',
    description: 'Shouts a text.',
    parameters: { schema: { required: ['text'], properties: { times: { default: 1 } } } },
    resultAsAnswer: false,
    timeoutMs: 60_000,
    onCrash: 'retry',
  })
  // It is the same tool.
  expect(again).toBe(shout)
  const hi = await opened.value(greeter)
  expect(hi).toMatchObject({ key: greeter.key, resultAsAnswer: true })
  const said = await Promise.all([hi, inList, classOf].map((tool) => callOf(tool, { name: 'Ada' })))
  expect(said.map((outcome) => 'text' in outcome && outcome.text)).toEqual([
    'Hi Ada',
    'Ho Ada',
    'Hello Ada',
  ])
  expect(await callOf(shout, { text: 'ß', times: 2 })).toEqual({ text: 'SSSS', failed: false })
})

python('plain values and variables of the environment are evaluated, each once', async () => {
  using directory = temporaryDirectory()
  writeFileSync(join(directory.path, '.env'), 'MINE="a key"\n')
  await using opened = openPython(directory.path, options)
  const made = { expr: '[env]', names: { env: { env: 'MINE' } } }
  const reference = {
    key: 'value',
    expr: '{"same": a is b, "values": [a, b, c], "none": d, "count": len(given)}',
    names: {
      a: made,
      b: { expr: '[env]', names: { env: { env: 'MINE' } } },
      c: { list: [{ value: 1 }, made] },
      d: { env: 'NOT_SET' },
      given: { value: [1, 2, 3] },
    },
    at: 'crew.py:1',
  }

  expect(await opened.value(reference)).toEqual({
    same: true,
    values: [['a key'], ['a key'], [1, ['a key']]],
    none: null,
    count: 3,
  })
})

python('guardrails, hooks and conditions are called with outputs as CrewAI has them', async () => {
  await using opened = openPython(LAB_DIR, options)
  const load = (name: string, expr?: string) => opened.value(referenceTo('tools.more', name, expr))
  const apply = async (name: string, ...values: readonly ReturnType<typeof sentPlain>[]) =>
    opened.code.apply({ ...rules(), function: await load(name, name), values })
  const output = (raw: string, fields = {}) =>
    sentObject('TaskOutput', { raw, description: 'd', agent: 'a', ...fields })

  expect(await apply('long_enough', output('no'))).toEqual({ value: [false, 'too short'] })
  expect(await apply('long_enough', output('long enough'))).toMatchObject({
    value: [true, { raw: 'long enough' }],
  })
  const json = { json_dict: sentPlain({ items: [1] }) }
  expect(await apply('has_items', output('', json))).toEqual({ value: true })
  expect(await apply('refuse', output(''))).toEqual({
    error: expect.stringMatching(/^ValueError: not like this \(tools\/more\.py:\d+ in refuse\)$/),
  })
  expect(await apply('whose')).toEqual({ value: 'test/test_task/1/tool/1.1' })
  const odd = sentPlain([{ $: 1 }, Number.NaN, 2n ** 80n, undefined])
  expect(await apply('measure', odd)).toMatchObject({
    value: { count: 4, whole: 2n ** 70n, nan: Number.NaN, $: 'a sign' },
  })
})

python('hooks of a crew are called on one instance of its class', async () => {
  await using opened = openPython(LAB_DIR, options)
  const hook = (expr: string) =>
    opened.value({ ...LAB, key: expr, expr, names: { crew: { self: 'tools.more:Crew' } } })
  const prepare = await hook('crew.prepare')
  const finish = await hook('crew.finish')
  expect(isPythonValue(prepare)).toBe(true)

  const apply = (given: typeof prepare, value: ReturnType<typeof sentPlain>) =>
    opened.code.apply({ ...rules(), function: given, values: [value] })

  await apply(prepare, sentPlain({ topic: 'x' }))
  expect(await apply(prepare, sentPlain({ topic: 'y' }))).toEqual({
    value: { topic: 'y', count: 2 },
  })
  const output = sentObject('CrewOutput', { raw: 'done', tasks_output: [sentPlain(1)] })
  expect(await apply(finish, output)).toMatchObject({ value: { raw: 'done (1 tasks)' } })
})

const MODELS = `
from typing import Type
from pydantic import BaseModel, Field, field_validator
from crewai.tools import BaseTool


class Query(BaseModel):
    """What to look for."""

    text: str = Field(..., description="The words")
    limit: int = 3


class Search(BaseTool):
    name: str = "Search"
    description: str = "Searches."
    args_schema: Type[BaseModel] = Query

    def _run(self, text: str, limit: int) -> dict:
        return {"text": text, "limit": limit}


class Report(BaseModel):
    title: str
    score: int

    @field_validator("score")
    @classmethod
    def positive(cls, value):
        if value < 0:
            raise ValueError("must not be negative")
        return value


def is_good(output):
    return output.pydantic.score > 5
`

pythonWithPydantic('parameters and outputs are checked as pydantic has them', async () => {
  using directory = temporaryDirectory()
  writeFileSync(join(directory.path, 'models.py'), MODELS)
  await using opened = openPython(directory.path, { interpreter: PYDANTIC })
  const search = await opened.tool(referenceTo('models', 'Search'))
  const report = await opened.value(referenceTo('models', 'Report', 'Report'))
  const isGood = await opened.value(referenceTo('models', 'is_good', 'is_good'))

  expect(search.parameters.schema).toMatchObject({
    description: 'What to look for.',
    required: ['text'],
    properties: { text: { description: 'The words' } },
  })
  expect(await callOf(search, { text: 'x' })).toMatchObject({ text: '{"text": "x", "limit": 3}' })
  expect(await callOf(search, { limit: 'many' })).toMatchObject({
    text: "The arguments do not fit the tool's parameters. text: Field required; limit: Input should be a valid integer, unable to parse string as an integer. Call it again with arguments that do.",
  })
  const validate = (value: unknown) => opened.code.validate({ ...rules(), model: report, value })
  expect(await validate({ title: 'a', score: '7' })).toEqual({
    value: { valid: { title: 'a', score: 7 } },
  })
  expect(await validate({ score: -1 })).toEqual({
    value: {
      invalid: [
        { at: ['title'], message: 'Field required' },
        { at: ['score'], message: 'Value error, must not be negative' },
      ],
    },
  })
  const output = sentObject('TaskOutput', {
    raw: '',
    pydantic: sentInstance(report, { title: 'a', score: 7 }),
  })
  const applied = opened.code.apply({ ...rules(), function: isGood, values: [output] })
  expect(await applied).toEqual({ value: true })
})

const LLMS = `
import os
from crewai import LLM, BaseLLM

fast = LLM(model="openai/gpt-4o-mini", temperature=0.2, api_key=os.environ["MY_KEY"], base_url="http://host/v1")


class Parrot(BaseLLM):
    def call(self, messages, *args, **kwargs):
        return messages[-1]["content"] + "!"


parrot = Parrot(model="parrot")
`

pythonWithCrewai('the process begins anew with the real CrewAI when it is needed', async () => {
  using directory = temporaryDirectory()
  writeFileSync(join(directory.path, '.env'), 'MY_KEY=sk-very-secret')
  writeFileSync(join(directory.path, 'llms.py'), LLMS)
  writeFileSync(join(directory.path, 'models.py'), MODELS)
  await using opened = openPython(directory.path, { interpreter: CREWAI })
  const search = await opened.tool(referenceTo('models', 'Search'))

  const fast = await opened.value(referenceTo('llms', 'fast', 'fast'))
  const parrot = await opened.value(referenceTo('llms', 'parrot', 'parrot'))

  expect(fast).toMatchObject({
    kind: 'llm',
    model: 'gpt-4o-mini',
    provider: 'openai',
    baseUrl: 'http://host/v1',
    apiKeyVariable: 'MY_KEY',
    hasApiKey: true,
    parameters: { temperature: 0.2 },
  })
  expect(JSON.stringify(fast)).not.toContain('sk-very-secret')
  expect(parrot).toMatchObject({ kind: 'custom_llm', model: 'parrot' })
  const messages = [{ role: 'user', content: 'hello' }]
  const said = opened.code.complete({ ...rules(), llm: parrot, messages, tools: [] })
  expect(await said).toEqual({ value: 'hello!' })
  expect(await callOf(search, { text: 'x' })).toMatchObject({ text: '{"text": "x", "limit": 3}' })
})

const TYPED = `
import sys
from typing import TYPE_CHECKING
from crewai.tools import BaseTool

if TYPE_CHECKING:
    from crewai import Agent


def kind():
    return type(sys.modules["crewai"]).__name__
`

pythonWithCrewai('what only types need of CrewAI does not bring it in', async () => {
  using directory = temporaryDirectory()
  writeFileSync(join(directory.path, 'typed.py'), TYPED)
  await using opened = openPython(directory.path, { interpreter: CREWAI })
  const kind = await opened.value(referenceTo('typed', 'kind', 'kind'))

  const applied = opened.code.apply({ ...rules(), function: kind, values: [] })

  expect(await applied).toEqual({ value: '_StandIn' })
})
