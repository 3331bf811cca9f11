import { expect, test } from 'vitest'
import type { CrewEvent } from '../../src/crew/events.ts'
import { newChoice } from '../../src/llm/model-choice.ts'
import { scriptedModel } from '../../src/llm/scripted.ts'
import { plainHost } from '../../src/runtime/plain-host.ts'
import { runCrew } from '../../src/runtime/run-crew.ts'
import { agent, crew, lookup, task } from './samples.ts'

const delegate = (coworker: string) => ({
  name: 'delegate_work_to_coworker',
  arguments: { task: 'Find three facts', context: 'For children', coworker },
})
const ask = (coworker: string) => ({
  name: 'ask_question_to_coworker',
  arguments: { question: 'How many legs?', context: 'Bees', coworker },
})

test('in a hierarchical crew the manager does every task and can give work to all agents', async () => {
  using manager = scriptedModel(
    [
      { toolCalls: [delegate('Researcher')] },
      { content: 'The article' },
      { toolCalls: [ask('writer')] },
      { content: 'The review' },
    ],
    { name: 'scripted/manager' },
  )
  using others = scriptedModel([{ content: 'Three facts' }, { content: 'Six' }])
  const events: CrewEvent[] = []
  const agents = [agent('researcher', { role: 'Researcher' }), agent('writer')]
  const tasks = [task('write', { agent: null }), task('review', { agent: null })]

  const output = await runCrew(
    crew({
      agents,
      tasks,
      process: 'hierarchical',
      managerLlm: newChoice({ name: 'scripted/manager' }),
    }),
    {},
    plainHost({
      runId: 'run-1',
      model: ({ name }) => (name === 'scripted/manager' ? manager : others),
      onEvent: (event) => events.push(event),
    }),
  )

  expect(output.tasks).toMatchObject([
    { raw: 'The article', agent: 'Crew Manager' },
    { raw: 'The review', agent: 'Crew Manager' },
  ])
  expect(manager.requests[0]?.tools).toMatchObject([
    {
      name: 'delegate_work_to_coworker',
      description: expect.stringContaining('Researcher, writer'),
      parameters: { type: 'object', required: ['task', 'context', 'coworker'] },
    },
    {
      name: 'ask_question_to_coworker',
      parameters: { required: ['question', 'context', 'coworker'] },
    },
  ])
  expect(others.requests[0]?.messages).toEqual([
    { role: 'system', content: expect.stringContaining('You are Researcher.') },
    {
      role: 'user',
      content: expect.stringMatching(/^Current Task: Find three facts\n.*\nFor children$/s),
    },
  ])
  expect(manager.requests[1]?.messages.at(-1)).toMatchObject({ content: 'Three facts' })
  expect(manager.requests[3]?.messages.at(-1)).toMatchObject({ content: 'Six' })
  expect(output.tasks.map(({ usage }) => usage.successfulRequests)).toEqual([3, 3])
  expect(events.filter(({ type }) => type.startsWith('tool_usage'))).toMatchObject([
    {
      type: 'tool_usage_started',
      data: { agent: 'manager', tool: 'delegate_work_to_coworker' },
    },
    { type: 'tool_usage_finished', data: { task: 'write', outputStep: 'write/1/tool/1.1/llm/1' } },
    { type: 'tool_usage_started', data: { tool: 'ask_question_to_coworker' } },
    {
      type: 'tool_usage_finished',
      data: { task: 'review', outputStep: 'review/1/tool/1.1/llm/1' },
    },
  ])
})

test("a task's agent is the only one the manager can give it to", async () => {
  using model = scriptedModel([{ toolCalls: [delegate('writer')] }, { content: 'Done' }])
  const agents = [agent('researcher'), agent('writer')]

  await runCrew(
    crew({ agents, tasks: [task('write', { agent: 'researcher' })], process: 'hierarchical' }),
    {},
    plainHost({ runId: 'run-1', model: () => model }),
  )

  expect(model.requests[1]?.messages.at(-1)).toMatchObject({
    content: 'There is no coworker writer. It must be one of these:\n- researcher',
  })
})

test("a crew's own manager takes the place of the made-up one, inputs filled in", async () => {
  using model = scriptedModel([{ content: 'Done' }])
  const managerAgent = agent('boss', {
    role: 'Chief of {topic}',
    llm: newChoice({ name: 'openai/gpt-9' }),
  })
  const asked: (string | null)[] = []

  const output = await runCrew(
    crew({ managerAgent, process: 'hierarchical', tasks: [task('write', { agent: null })] }),
    { topic: 'Bees' },
    plainHost({
      runId: 'run-1',
      model: ({ name }) => {
        asked.push(name)
        return model
      },
    }),
  )

  expect(output.tasks[0]?.agent).toBe('Chief of Bees')
  expect(asked).toEqual(['openai/gpt-9'])
  expect(model.requests[0]?.tools).toHaveLength(2)
})

test.each([
  ['other case and white space', { coworker: ' senior\n  RESEARCHER ' }],
  ['quotes', { coworker: '"Senior Researcher"' }],
  ['a list, of which the first counts', { coworker: '["Senior Researcher", "writer"]' }],
  ['the key co_worker', { co_worker: 'Senior Researcher' }],
])('a coworker is found in spite of %s', async (_, coworker) => {
  using model = scriptedModel([
    {
      toolCalls: [
        {
          name: 'ask_question_to_coworker',
          arguments: { question: 'How many legs?', context: '', ...coworker },
        },
      ],
    },
    { content: 'Six' },
    { content: 'It has six legs' },
  ])
  const agents = [
    agent('writer', { allowDelegation: true }),
    agent('r', { role: 'Senior  Researcher' }),
  ]

  await runCrew(crew({ agents }), {}, plainHost({ runId: 'run-1', model: () => model }))

  expect(model.requests[2]?.messages.at(-1)).toMatchObject({ content: 'Six' })
})

test('delegated work without its arguments is answered with what is missing', async () => {
  using model = scriptedModel([
    { toolCalls: [{ name: 'delegate_work_to_coworker', arguments: { coworker: 'r' } }] },
    { content: 'Done' },
  ])
  const agents = [agent('writer', { allowDelegation: true }), agent('r')]

  await runCrew(crew({ agents }), {}, plainHost({ runId: 'run-1', model: () => model }))

  expect(model.requests[1]?.messages.at(-1)).toMatchObject({
    content: expect.stringMatching(/task: Invalid input.*context: Invalid input/),
  })
})

test('in a sequential crew an agent that may delegate can give work to the others', async () => {
  using model = scriptedModel([{ content: 'Done' }, { content: 'Done' }])
  const agents = [agent('writer', { allowDelegation: true }), agent('researcher'), agent('editor')]
  const tasks = [task('write'), task('check', { agent: 'editor' })]

  await runCrew(crew({ agents, tasks }), {}, plainHost({ runId: 'run-1', model: () => model }))

  const offered = model.requests.map(({ tools }) => tools?.[0]?.description ?? '')
  expect(offered[0]).toContain('researcher, editor.')
  expect(offered[1]).toBe('')
})

test('an agent without coworkers is not offered to delegate', async () => {
  using model = scriptedModel([{ content: 'Done' }])

  await runCrew(
    crew({ agents: [agent('writer', { allowDelegation: true })] }),
    {},
    plainHost({ runId: 'run-1', model: () => model }),
  )

  expect(model.requests[0]?.tools).toBeUndefined()
})

test('a coworker uses its own tools, cannot delegate further, and is reviewed by nobody', async () => {
  using model = scriptedModel([
    { toolCalls: [delegate('researcher')] },
    { toolCalls: [{ name: 'look_up', arguments: { word: 'bee' } }] },
    { content: 'An insect' },
    { content: 'Done' },
  ])
  const questions: string[] = []
  const agents = [
    agent('writer', { allowDelegation: true }),
    agent('researcher', { allowDelegation: true, tools: [lookup(() => 'An insect')] }),
  ]

  await runCrew(
    crew({ agents, tasks: [task('write', { humanInput: true })] }),
    {},
    plainHost({
      runId: 'run-1',
      model: () => model,
      ask: async ({ output }) => {
        questions.push(output)
        return { approved: true, feedback: '' }
      },
    }),
  )

  expect(model.requests[1]?.tools?.map(({ name }) => name)).toEqual(['look_up'])
  expect(questions).toEqual(['Done'])
  expect(model.requests.map(({ idempotencyKey }) => idempotencyKey)).toEqual([
    'run-1/write/1/llm/1',
    'run-1/write/1/tool/1.1/llm/1',
    'run-1/write/1/tool/1.1/llm/2',
    'run-1/write/1/llm/2',
  ])
})

test('a coworker that fails is told to the one who asked, and its calls are counted', async () => {
  using model = scriptedModel([
    { toolCalls: [delegate('researcher')] },
    { toolCalls: [{ name: 'look_up', arguments: { word: 'bee' } }] },
    { error: 'openai/gpt-9 answered 500 six times' },
    { content: 'Without it, then' },
  ])
  const agents = [
    agent('writer', { allowDelegation: true }),
    agent('researcher', { tools: [lookup(() => 'An insect')] }),
  ]

  const output = await runCrew(
    crew({ agents }),
    {},
    plainHost({ runId: 'run-1', model: () => model }),
  )

  expect(model.requests[3]?.messages.at(-1)).toMatchObject({
    content: 'The coworker researcher could not do it: openai/gpt-9 answered 500 six times',
  })
  expect(output).toMatchObject({ raw: 'Without it, then', usage: { successfulRequests: 3 } })
})
