import { expect, test } from 'vitest'
import type { CrewEvent } from '../../src/crew/events.ts'
import { Interruption } from '../../src/crew/host.ts'
import type { ModelRequest } from '../../src/llm/model.ts'
import { scriptedModel } from '../../src/llm/scripted.ts'
import { plainHost } from '../../src/runtime/plain-host.ts'
import { runCrew } from '../../src/runtime/run-crew.ts'
import { agent, crew, lookup, task } from './samples.ts'

const lookUp = (word: string) => ({ name: 'look_up', arguments: { word } })
const lastMessages = (request: ModelRequest | undefined, count: number) =>
  request?.messages.slice(-count)

test('an agent that never answers makes maxIter model calls and exactly one more, without tools', async () => {
  let calls = 0
  using model = scriptedModel([
    { toolCalls: [lookUp('a')] },
    { toolCalls: [lookUp('b')] },
    { toolCalls: [lookUp('c')] },
    { content: 'All I know' },
  ])
  const tools = [
    lookup(() => {
      calls += 1
      return 'More'
    }),
  ]

  const output = await runCrew(
    crew({ agents: [agent('writer', { maxIter: 3, tools })] }),
    {},
    plainHost({ runId: 'run-1', model: () => model }),
  )

  expect(output.raw).toBe('All I know')
  expect(calls).toBe(3)
  expect(model.requests.map(({ tools: offered }) => offered?.length ?? 0)).toEqual([1, 1, 1, 0])
  expect(lastMessages(model.requests[3], 1)).toMatchObject([
    { role: 'user', content: expect.stringContaining('complete final answer now') },
  ])
})

test('tool calls in the forced final answer are not made, and no answer is an error', async () => {
  let calls = 0
  using model = scriptedModel([
    { toolCalls: [lookUp('a')] },
    { toolCalls: [{ ...lookUp('b'), offered: false }] },
  ])
  const tools = [
    lookup(() => {
      calls += 1
      return 'More'
    }),
  ]

  const run = runCrew(
    crew({ agents: [agent('writer', { maxIter: 1, tools })] }),
    {},
    plainHost({ runId: 'run-1', model: () => model }),
  )

  await expect(run).rejects.toThrow(
    'Task "write" failed: the model scripted/model gave writer no answer',
  )
  expect(calls).toBe(1)
})

test('an empty reply is asked about, and three in a row are an error', async () => {
  using patient = scriptedModel([
    { content: ' ' },
    { content: '' },
    { toolCalls: [lookUp('bee')] },
    { content: '' },
    { content: 'Here it is' },
  ])
  using silent = scriptedModel([{ content: '' }, { content: '' }, { content: '' }])
  const agents = [agent('writer', { tools: [lookup(() => 'An insect')] })]

  const output = await runCrew(
    crew({ agents }),
    {},
    plainHost({ runId: 'run-1', model: () => patient }),
  )
  const run = runCrew(crew(), {}, plainHost({ runId: 'run-2', model: () => silent }))

  expect(output.raw).toBe('Here it is')
  expect(lastMessages(patient.requests[1], 1)).toMatchObject([
    { role: 'user', content: expect.stringContaining('reply was empty') },
  ])
  await expect(run).rejects.toThrow('gave writer no answer (it ended with "stop")')
})

test("a task's own tools take the place of its agent's", async () => {
  using model = scriptedModel([{ content: 'Done' }, { content: 'Done' }])
  const agents = [agent('writer', { tools: [lookup(() => '')] })]
  const tasks = [task('write', { tools: [lookup(() => '', { name: 'Fetch' })] }), task('check')]

  await runCrew(crew({ agents, tasks }), {}, plainHost({ runId: 'run-1', model: () => model }))

  expect(model.requests.map(({ tools }) => tools?.map(({ name }) => name))).toEqual([
    ['fetch'],
    ['look_up'],
  ])
})

test.each([
  [
    'two tools with the same name',
    [lookup(() => ''), lookup(() => '', { name: 'lookUp' })],
    /two of its tools are called look_up/,
  ],
  [
    'a tool without a name for models',
    [lookup(() => '', { name: '検索' })],
    /the tool 検索 needs a name/,
  ],
])('%s fail the task before any model call', async (_, tools, message) => {
  using model = scriptedModel([])
  const events: CrewEvent[] = []

  const run = runCrew(
    crew({ agents: [agent('writer', { tools })] }),
    {},
    plainHost({ runId: 'run-1', model: () => model, onEvent: (event) => events.push(event) }),
  )

  await expect(run).rejects.toThrow(message)
  expect(events.map(({ type }) => type)).toEqual([
    'crew_kickoff_started',
    'task_started',
    'task_failed',
  ])
})

test.each([
  ['a model call', 'model'],
  ['a tool call', 'tool'],
])('a run stopped during %s is interrupted and not failed', async (_, during) => {
  const stop = new AbortController()
  const events: CrewEvent[] = []
  const hang = () => {
    setImmediate(() => stop.abort())
    return new Promise<never>(() => {})
  }
  const model = scriptedModel([
    during === 'model' ? hang : { toolCalls: [lookUp('bee'), lookUp('wasp')] },
  ])

  const run = runCrew(
    crew({ agents: [agent('writer', { tools: [lookup(hang)] })] }),
    {},
    plainHost({
      runId: 'run-1',
      model: () => model,
      signal: stop.signal,
      onEvent: (event) => events.push(event),
    }),
  )

  await expect(run).rejects.toBeInstanceOf(Interruption)
  expect(events.filter(({ type }) => /failed|error/.test(type))).toEqual([])
})
