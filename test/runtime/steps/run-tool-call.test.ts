import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Answer, Question } from '../../../src/crew/host.ts'
import { scriptedModel } from '../../../src/llm/scripted.ts'
import { runCrew } from '../../../src/runtime/run-crew.ts'
import type { OnCrash, Tool, ToolCallRequest } from '../../../src/tools/tool.ts'
import { emptyMemory, rememberingHost } from '../remembering-host.ts'
import { agent, crew, lookup } from '../samples.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A tool whose process is ended by another call so often, before it does its work. */
function cutOffTool(onCrash: OnCrash, cutOffs: number) {
  const requests: ToolCallRequest[] = []
  const tool: Tool = {
    ...lookup(() => 'An insect', { onCrash }),
    async call(request) {
      requests.push(request)
      return requests.length <= cutOffs
        ? { unknown: 'its process was ended by another call' }
        : { text: 'An insect', failed: false }
    },
  }
  return { tool, requests }
}

/** Executes a run that calls the tool once, again and again with the answers of a person, to its end. */
async function runWith(tool: Tool, answers: readonly Answer[]) {
  const model = scriptedModel([
    { toolCalls: [{ name: 'look_up', arguments: { word: 'bee' } }] },
    { content: 'Done' },
  ])
  const memory = emptyMemory()
  const questions: Question[] = []
  for (;;) {
    const host = rememberingHost(memory, { model: () => model })
    const output = await runCrew(
      crew({ agents: [agent('writer', { tools: [tool] })] }),
      {},
      host,
    ).catch((error: unknown) => {
      if (memory.question === null) throw error
      return null
    })
    if (output !== null) {
      model.assertDone()
      const told = model.requests[1]?.messages.at(-1)?.content
      return { told, questions, output, events: memory.events }
    }
    const { question } = memory
    const answer = answers[questions.length]
    if (question === null || answer === undefined) throw new Error('nobody was to be asked')
    questions.push(question)
    vi.setSystemTime(Date.now() + answer.waitedMs)
    memory.answers.set(question.key, answer)
    memory.question = null
  }
}

const approved: Answer = { approved: true, feedback: '', waitedMs: 3_600_000 }
const rejected: Answer = { approved: false, feedback: 'It is not in the books', waitedMs: 1 }

test('a tool is told whose call it is, and models are not', async () => {
  const { tool, requests } = cutOffTool('retry', 0)

  const { told } = await runWith(tool, [])

  expect(told).toBe('An insect')
  expect(requests.map(({ context }) => context)).toEqual([
    {
      runId: 'run-1',
      task: 'write',
      idempotencyKey: 'run-1/write/1/tool/1.1',
      meta: {},
      tenant: null,
      user: null,
    },
  ])
})

test('a model is told when nobody knows what came of a call', async () => {
  const { tool, requests } = cutOffTool('fail', 1)

  const { told, events } = await runWith(tool, [])

  expect(told).toBe(
    'Nobody knows whether this call did its work: its process was ended by another call. Find out before you make it again.',
  )
  expect(requests).toHaveLength(1)
  expect(events).toContainEqual(
    expect.objectContaining({
      type: 'tool_usage_error',
      data: expect.objectContaining({ isUnknown: true }),
    }),
  )
})

test('a person is asked as often as nobody knows, about a call that has one idempotency key', async () => {
  const { tool, requests } = cutOffTool('ask', 2)

  const { told, questions, output } = await runWith(tool, [approved, approved])

  expect(told).toBe('An insect')
  expect(new Set(requests.map(({ context }) => context.idempotencyKey)).size).toBe(1)
  expect(questions.map(({ kind, key, outputStep }) => ({ kind, key, outputStep }))).toEqual([
    {
      kind: 'tool_outcome',
      key: 'write/1/tool/1.1/outcome',
      outputStep: 'write/1/tool/1.1',
    },
    {
      kind: 'tool_outcome',
      key: 'write/1/tool/1.1/again/1/outcome',
      outputStep: 'write/1/tool/1.1/again/1',
    },
  ])
  expect(new Set(questions.map(({ digest }) => digest)).size).toBe(2)
  // Two hours of waiting do not count.
  expect(output.tasks[0]?.executionTimeMs).toBeLessThan(60_000)
})

test('a person who rejects has the model told what they know', async () => {
  const { tool, requests } = cutOffTool('ask', 1)

  const { told } = await runWith(tool, [rejected])

  expect(told).toBe('A person says that this call has failed: It is not in the books')
  expect(requests).toHaveLength(1)
})
