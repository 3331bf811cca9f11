import { expect, test } from 'vitest'
import type { CrewEvent } from '../../src/crew/events.ts'
import type { Question } from '../../src/crew/host.ts'
import { scriptedModel } from '../../src/llm/scripted.ts'
import { plainHost } from '../../src/runtime/plain-host.ts'
import { runCrew } from '../../src/runtime/run-crew.ts'
import { agent, crew, lookup, task } from './samples.ts'

test('a rejected answer is worked over in the same conversation until a person approves', async () => {
  using model = scriptedModel([
    { toolCalls: [{ name: 'look_up', arguments: { word: 'bee' } }] },
    { content: 'Draft' },
    { toolCalls: [{ name: 'look_up', arguments: { word: 'wasp' } }] },
    { content: 'Better' },
    { content: 'Published' },
  ])
  const questions: Question[] = []
  const answers = [
    { approved: false, feedback: 'Too short' },
    { approved: true, feedback: 'Mention honey next time' },
  ]
  const agents = [agent('writer', { maxIter: 2, tools: [lookup(() => 'An insect')] })]
  const tasks = [task('write', { humanInput: true }), task('publish')]

  const output = await runCrew(
    crew({ agents, tasks }),
    {},
    plainHost({
      runId: 'run-1',
      model: () => model,
      ask: async (question) => {
        questions.push(question)
        return answers[questions.length - 1] ?? { approved: true, feedback: '' }
      },
    }),
  )

  const about = { kind: 'review', task: 'write', agent: 'writer' }
  expect(questions).toMatchObject([
    { ...about, key: 'write/1/human', output: 'Draft', outputStep: 'write/1/llm/2' },
    { ...about, key: 'write/2/human', output: 'Better', outputStep: 'write/2/llm/2' },
  ])
  expect(model.requests[2]?.messages.slice(2)).toMatchObject([
    { role: 'assistant' },
    { role: 'tool' },
    { role: 'assistant', content: 'Draft' },
    { role: 'user', content: expect.stringContaining('feedback: Too short\n') },
  ])
  // Rounds count their model calls anew: no answer was forced.
  expect(model.requests.every(({ tools }) => tools?.length === 1)).toBe(true)
  expect(output.tasks[0]?.raw).toBe('Better')
  expect(model.requests[4]?.messages[1]?.content).toMatch(
    /Better\n\nA person approved this, with the remark: Mention honey next time$/,
  )
})

test('an approval without words adds nothing to the context of later tasks', async () => {
  using model = scriptedModel([{ content: 'Draft' }, { content: 'Published' }])

  await runCrew(
    crew({ tasks: [task('write', { humanInput: true }), task('publish')] }),
    {},
    plainHost({
      runId: 'run-1',
      model: () => model,
      ask: async () => ({ approved: true, feedback: ' ' }),
    }),
  )

  expect(model.requests[1]?.messages[1]?.content).toMatch(/:\nDraft$/)
})

test("a tool's answer can be rejected like any other", async () => {
  using model = scriptedModel([
    {
      toolCalls: [
        { name: 'look_up', arguments: { word: 'bee' } },
        { name: 'look_up', arguments: { word: 'wasp' } },
      ],
    },
    { content: 'My own answer' },
  ])
  const tools = [lookup(({ word }) => word, { resultAsAnswer: true })]

  const output = await runCrew(
    crew({ agents: [agent('writer', { tools })], tasks: [task('write', { humanInput: true })] }),
    {},
    plainHost({
      runId: 'run-1',
      model: () => model,
      ask: async ({ key }) => ({ approved: key === 'write/2/human', feedback: '' }),
    }),
  )

  expect(output.raw).toBe('My own answer')
  expect(model.requests[1]?.messages.slice(-3)).toMatchObject([
    { role: 'tool', content: 'bee' },
    { role: 'tool', content: expect.stringMatching(/^Not called/) },
    { role: 'user', content: expect.stringContaining('not good enough yet') },
  ])
})

test("waiting for a person is not part of a task's time", async () => {
  using model = scriptedModel([{ content: 'Draft' }])
  const host = plainHost({ runId: 'run-1', model: () => model })

  const output = await runCrew(
    crew({ tasks: [task('write', { humanInput: true })] }),
    {},
    {
      ...host,
      emit(key, fact) {
        const recorded = host.emit(key, fact)
        const agoMs = fact.event.type === 'task_started' ? 100_000 : 0
        return { ...recorded, at: recorded.at - agoMs }
      },
      ask: async () => ({ approved: true, feedback: '', waitedMs: 60_000 }),
    },
  )

  const timeMs = output.tasks[0]?.executionTimeMs
  expect(timeMs).toBeGreaterThanOrEqual(40_000)
  expect(timeMs).toBeLessThan(50_000)
})

test('a task that asks a person where nobody can be asked fails', async () => {
  using model = scriptedModel([{ content: 'Draft' }])
  const events: CrewEvent[] = []

  const run = runCrew(
    crew({ tasks: [task('write', { humanInput: true })] }),
    {},
    plainHost({ runId: 'run-1', model: () => model, onEvent: (event) => events.push(event) }),
  )

  await expect(run).rejects.toThrow(
    'Task "write" failed: it asks a person, and nobody can be asked here',
  )
  expect(events.at(-1)?.type).toBe('task_failed')
})
