import { expect, test } from 'vitest'
import { type Model, type ModelReply, type ModelRequest, NO_USAGE } from '../../../src/llm/model.ts'
import { scriptedModel } from '../../../src/llm/scripted.ts'
import { plainHost } from '../../../src/runtime/plain-host.ts'
import { runCrew } from '../../../src/runtime/run-crew.ts'
import { agent, crew, lookup } from '../samples.ts'

const lookUp = (word: string) => ({ name: 'look_up', arguments: { word } })
const lastMessages = (request: ModelRequest | undefined, count: number) =>
  request?.messages.slice(-count)

test('what a tool throws goes back to the model, which goes on', async () => {
  using model = scriptedModel([{ toolCalls: [lookUp('bee')] }, { content: 'Without it, then' }])
  const said: unknown[] = []
  const tools = [
    lookup(() => {
      throw new Error('dictionary is closed')
    }),
  ]

  const output = await runCrew(
    crew({ agents: [agent('writer', { tools })] }),
    {},
    plainHost({
      runId: 'run-1',
      model: () => model,
      onEvent: ({ type }, text) => said.push([type, text]),
    }),
  )

  expect(output.raw).toBe('Without it, then')
  expect(lastMessages(model.requests[1], 2)).toEqual([
    {
      role: 'assistant',
      content: null,
      toolCalls: [{ id: 'call_1_1', name: 'look_up', arguments: '{"word":"bee"}' }],
    },
    { role: 'tool', toolCallId: 'call_1_1', content: 'The tool failed: dictionary is closed' },
  ])
  expect(said).toContainEqual(['tool_usage_error', 'The tool failed: dictionary is closed'])
})

test('cut-off arguments never reach the tool, nor the model again', async () => {
  const words: string[] = []
  using model = scriptedModel([
    { toolCalls: [{ name: 'look_up', arguments: '{"word": "be' }] },
    { toolCalls: [{ name: 'look_up', arguments: '{"wrd": "bee"}' }] },
    { toolCalls: [lookUp('bee')] },
    { content: 'Done' },
  ])
  const tools = [lookup(({ word }) => words.push(word))]

  await runCrew(
    crew({ agents: [agent('writer', { tools })] }),
    {},
    plainHost({ runId: 'run-1', model: () => model }),
  )

  expect(words).toEqual(['bee'])
  expect(lastMessages(model.requests[1], 2)).toMatchObject([
    { toolCalls: [{ arguments: '{}' }] },
    { role: 'tool', content: expect.stringMatching(/must be one JSON object.*\{"word": "be$/) },
  ])
  expect(lastMessages(model.requests[2], 1)).toMatchObject([
    { role: 'tool', content: expect.stringContaining('word: Invalid input: expected string') },
  ])
})

test('a call of an unknown tool is answered with the tools there are', async () => {
  using model = scriptedModel([
    { toolCalls: [{ name: 'Browse!', arguments: {}, offered: false }] },
    { content: 'Done' },
  ])
  const tools = [lookup(() => 'An insect')]

  await runCrew(
    crew({ agents: [agent('writer', { tools })] }),
    {},
    plainHost({ runId: 'run-1', model: () => model }),
  )

  expect(lastMessages(model.requests[1], 2)).toMatchObject([
    { toolCalls: [{ name: 'browse' }] },
    { role: 'tool', content: 'There is no tool Browse!. Your tools are: look_up.' },
  ])
})

test('a tool is found under any spelling of its name', async () => {
  using model = scriptedModel([
    { toolCalls: [{ ...lookUp('bee'), name: 'Look Up', offered: false }] },
    { content: 'Done' },
  ])
  const tools = [lookup(({ word }) => `${word}: an insect`)]

  await runCrew(
    crew({ agents: [agent('writer', { tools })] }),
    {},
    plainHost({ runId: 'run-1', model: () => model }),
  )

  expect(lastMessages(model.requests[1], 1)).toMatchObject([{ content: 'bee: an insect' }])
})

test('a call that has failed three times is not made a fourth time', async () => {
  let calls = 0
  using model = scriptedModel([
    { toolCalls: [lookUp('bee')] },
    { toolCalls: [lookUp('bee')] },
    { toolCalls: [lookUp('bee')] },
    { toolCalls: [lookUp('bee'), lookUp('wasp')] },
    { content: 'Done' },
  ])
  const tools = [
    lookup(() => {
      calls += 1
      throw new Error('closed')
    }),
  ]

  await runCrew(
    crew({ agents: [agent('writer', { tools })] }),
    {},
    plainHost({ runId: 'run-1', model: () => model }),
  )

  expect(calls).toBe(4)
  expect(lastMessages(model.requests[2], 1)).toMatchObject([{ content: 'The tool failed: closed' }])
  expect(lastMessages(model.requests[3], 1)).toMatchObject([
    { content: expect.stringContaining('failed 3 times with the same arguments. Stop') },
  ])
  expect(lastMessages(model.requests[4], 2)).toMatchObject([
    { content: expect.stringMatching(/^Not called/) },
    { content: 'The tool failed: closed' },
  ])
})

test('at most eight tool calls of a reply run side by side', async () => {
  let running = 0
  let most = 0
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  using model = scriptedModel([
    { toolCalls: Array.from({ length: 10 }, (_, index) => lookUp(`word ${index}`)) },
    { content: 'Done' },
  ])
  const tools = [
    lookup(async ({ word }) => {
      running += 1
      most = Math.max(most, running)
      if (running === 8) setImmediate(release)
      await released
      running -= 1
      return word
    }),
  ]

  await runCrew(
    crew({ agents: [agent('writer', { tools })] }),
    {},
    plainHost({ runId: 'run-1', model: () => model }),
  )

  expect(most).toBe(8)
  expect(lastMessages(model.requests[1], 10)).toMatchObject(
    Array.from({ length: 10 }, (_, index) => ({ content: `word ${index}` })),
  )
})

test('a tool whose result is the answer ends the task, and the calls after it are not made', async () => {
  const published: string[] = []
  using model = scriptedModel([
    { toolCalls: [lookUp('a'), { name: 'publish', arguments: { word: 'b' } }, lookUp('c')] },
  ])
  const looked: string[] = []
  const tools = [
    lookup(({ word }) => looked.push(word)),
    lookup(({ word }) => published.push(word) && '  As it is\n', {
      name: 'publish',
      resultAsAnswer: true,
    }),
  ]

  const output = await runCrew(
    crew({ agents: [agent('writer', { tools })] }),
    {},
    plainHost({ runId: 'run-1', model: () => model }),
  )

  expect(output.raw).toBe('  As it is\n')
  expect({ looked, published }).toEqual({ looked: ['a'], published: ['b'] })
})

test('a tool whose result would be the answer goes back to the model when it fails', async () => {
  using model = scriptedModel([
    { toolCalls: [{ name: 'look_up', arguments: {} }] },
    { content: 'My own answer' },
  ])
  const tools = [lookup(() => 'Its answer', { resultAsAnswer: true })]

  const output = await runCrew(
    crew({ agents: [agent('writer', { tools })] }),
    {},
    plainHost({ runId: 'run-1', model: () => model }),
  )

  expect(output.raw).toBe('My own answer')
})

test('tool calls with the same id are told apart', async () => {
  const requests: ModelRequest[] = []
  const reply = (parts: Partial<ModelReply>): ModelReply => ({
    content: null,
    toolCalls: [],
    finishReason: 'stop',
    usage: NO_USAGE,
    ...parts,
  })
  const call = { id: 'call_0', name: 'look_up', arguments: '{"word":"bee"}' }
  const model: Model = {
    name: 'local/model',
    simulated: false,
    async complete(request) {
      requests.push(request)
      return requests.length === 1 ? reply({ toolCalls: [call, call] }) : reply({ content: 'Done' })
    },
  }

  await runCrew(
    crew({ agents: [agent('writer', { tools: [lookup(() => 'An insect')] })] }),
    {},
    plainHost({ runId: 'run-1', model: () => model }),
  )

  expect(lastMessages(requests[1], 3)).toMatchObject([
    { toolCalls: [{ id: 'call_1' }, { id: 'call_2' }] },
    { toolCallId: 'call_1' },
    { toolCallId: 'call_2' },
  ])
})
