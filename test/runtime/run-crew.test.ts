import { expect, test } from 'vitest'
import type { CrewEvent } from '../../src/crew/events.ts'
import type { ModelRequest } from '../../src/llm/model.ts'
import { newChoice } from '../../src/llm/model-choice.ts'
import { scriptedModel } from '../../src/llm/scripted.ts'
import { plainHost } from '../../src/runtime/plain-host.ts'
import { runCrew } from '../../src/runtime/run-crew.ts'
import { agent, crew, lookup, task } from './samples.ts'

const userPrompt = (request: ModelRequest | undefined) => request?.messages[1]?.content

test('a crew does its tasks in order and ends with the last output', async () => {
  using model = scriptedModel([{ content: 'The facts' }, { content: '  The article\n' }])
  const tasks = [task('research'), task('write')]

  const output = await runCrew(
    crew({ tasks }),
    {},
    plainHost({ runId: 'run-1', model: () => model }),
  )

  expect(output.raw).toBe('The article')
  expect(output.tasks).toMatchObject([
    { name: 'research', raw: 'The facts', agent: 'writer', summary: 'Do research...' },
    { name: 'write', raw: 'The article', expectedOutput: 'A good write' },
  ])
})

test('a task is given the outputs of all earlier tasks unless it names some', async () => {
  using model = scriptedModel([
    { content: 'One' },
    { content: 'Two' },
    { content: 'Three' },
    { content: 'Four' },
    { content: 'Five' },
  ])
  const tasks = [
    task('first'),
    task('second'),
    task('third'),
    task('named', { context: ['third', 'first'] }),
    task('alone', { context: [] }),
  ]

  await runCrew(crew({ tasks }), {}, plainHost({ runId: 'run-1', model: () => model }))

  const prompts = model.requests.map(userPrompt)
  expect(prompts[0]).not.toContain('context')
  expect(prompts[1]).toMatch(/context you work with:\nOne$/)
  expect(prompts[2]).toMatch(/context you work with:\nOne\n\n-{10}\n\nTwo$/)
  expect(prompts[3]).toMatch(/context you work with:\nThree\n\n-{10}\n\nOne$/)
  expect(prompts[4]).not.toContain('context')
})

test('inputs are put into agents and tasks, and never into what models say', async () => {
  using model = scriptedModel([{ content: 'Write {topic}' }, { content: 'Done' }])
  const agents = [
    agent('writer', { role: '{topic} writer', goal: 'Know {topic}', backstory: 'Likes {topic}.' }),
  ]
  const tasks = [
    task('plan', { description: 'Plan {topic}', expectedOutput: 'A plan for {audience}' }),
    task('write'),
  ]

  const output = await runCrew(
    crew({ agents, tasks }),
    { topic: 'Bees', audience: '{topic} lovers' },
    plainHost({ runId: 'run-1', model: () => model }),
  )

  expect(model.requests[0]?.messages).toEqual([
    {
      role: 'system',
      content: 'You are Bees writer. Likes Bees.\nYour personal goal is: Know Bees',
    },
    { role: 'user', content: expect.stringMatching(/^Current Task: Plan Bees\n/) },
  ])
  expect(userPrompt(model.requests[0])).toContain('A plan for {topic} lovers')
  expect(userPrompt(model.requests[1])).toContain('Write {topic}')
  expect(output.tasks[0]).toMatchObject({
    description: 'Plan Bees',
    expectedOutput: 'A plan for {topic} lovers',
    agent: 'Bees writer',
  })
})

test('an agent uses its own model and parameters', async () => {
  using model = scriptedModel([{ content: 'Done' }])
  const asked: (string | null)[] = []
  const agents = [
    agent('writer', { llm: newChoice({ name: 'openai/gpt-9', parameters: { temperature: 0.3 } }) }),
  ]

  await runCrew(
    crew({ agents }),
    {},
    plainHost({
      runId: 'run-1',
      model: ({ name }) => {
        asked.push(name)
        return model
      },
    }),
  )

  expect(asked).toEqual(['openai/gpt-9'])
  expect(model.requests[0]?.parameters).toEqual({ temperature: 0.3 })
})

test('usage is summed over the calls of a task and over the tasks of a run', async () => {
  using model = scriptedModel([
    { toolCalls: [{ name: 'look_up', arguments: { word: 'bee' } }] },
    { content: 'Facts' },
    { content: 'Article' },
  ])
  const agents = [agent('writer', { tools: [lookup(() => 'An insect')] })]
  const events: CrewEvent[] = []

  const output = await runCrew(
    crew({ agents, tasks: [task('research'), task('write')] }),
    {},
    plainHost({ runId: 'run-1', model: () => model, onEvent: (event) => events.push(event) }),
  )

  const calls = events.flatMap((event) =>
    event.type === 'llm_call_completed' ? [event.data.usage.totalTokens] : [],
  )
  expect(calls).toHaveLength(3)
  expect(output.tasks[0]?.usage).toMatchObject({
    successfulRequests: 2,
    totalTokens: (calls[0] ?? 0) + (calls[1] ?? 0),
  })
  expect(output.usage).toMatchObject({
    successfulRequests: 3,
    totalTokens: calls.reduce((sum, tokens) => sum + tokens, 0),
  })
})

test('the output is that of the last task that has one', async () => {
  using model = scriptedModel([
    { content: 'The article' },
    { toolCalls: [{ name: 'look_up', arguments: { word: 'bee' } }] },
  ])
  const silent = lookup(() => '', { resultAsAnswer: true })

  const output = await runCrew(
    crew({ tasks: [task('write'), task('publish', { tools: [silent] })] }),
    {},
    plainHost({ runId: 'run-1', model: () => model }),
  )

  expect(output.raw).toBe('The article')
  expect(output.tasks.map(({ raw }) => raw)).toEqual(['The article', ''])
})

test('a crew of which no task has an output fails', async () => {
  using model = scriptedModel([{ toolCalls: [{ name: 'look_up', arguments: { word: 'bee' } }] }])
  const tasks = [task('write', { tools: [lookup(() => '', { resultAsAnswer: true })] })]

  const run = runCrew(crew({ tasks }), {}, plainHost({ runId: 'run-1', model: () => model }))

  await expect(run).rejects.toThrow('No task of the crew press has an output.')
})

test('a run says what happens, in order, and each text once', async () => {
  using model = scriptedModel([
    { content: 'Let me see.', toolCalls: [{ name: 'look_up', arguments: { word: 'bee' } }] },
    { content: 'Done' },
  ])
  const agents = [agent('writer', { role: 'Writer', tools: [lookup(() => 'An insect')] })]
  const said: unknown[] = []

  await runCrew(
    crew({ agents }),
    { topic: 'Bees' },
    plainHost({
      runId: 'run-1',
      model: () => model,
      onEvent: (event, output) => said.push([event.type, output, event.data]),
    }),
  )

  const where = { task: 'write', agent: 'writer' }
  const call = { ...where, tool: 'look_up', call: { step: 'write/1/llm/1', index: 0 } }
  const arguments_ = '{"word":"bee"}'
  expect(said).toMatchObject([
    ['crew_kickoff_started', null, { crew: 'press' }],
    ['task_started', null, where],
    ['agent_execution_started', null, { ...where, tools: ['look_up'] }],
    ['llm_call_started', null, { ...where, model: 'scripted/model' }],
    [
      'llm_call_completed',
      'Let me see.',
      { ...where, simulated: false, toolCalls: [{ name: 'look_up', arguments: arguments_ }] },
    ],
    ['tool_usage_started', null, call],
    ['tool_usage_finished', 'An insect', { ...call, outputStep: null }],
    ['llm_call_started', null, where],
    ['llm_call_completed', 'Done', { ...where, toolCalls: [] }],
    ['agent_execution_completed', null, { ...where, outputStep: 'write/1/llm/2' }],
    ['task_completed', null, { ...where, outputStep: 'write/1/llm/2', characters: 4 }],
  ])
  for (const text of ['Let me see.', 'An insect', 'Done'])
    expect(JSON.stringify(said).split(text)).toHaveLength(2)
})

test('a failing model fails the task and the run, in words for people', async () => {
  using model = scriptedModel([{ content: 'Facts' }, { error: 'openai/gpt-9 answered 401' }])
  const events: CrewEvent[] = []

  const run = runCrew(
    crew({ tasks: [task('research'), task('write'), task('publish')] }),
    {},
    plainHost({ runId: 'run-1', model: () => model, onEvent: (event) => events.push(event) }),
  )

  await expect(run).rejects.toMatchObject({
    message: 'Task "write" failed: openai/gpt-9 answered 401',
    cause: { name: 'ModelError' },
  })
  expect(events.slice(-2)).toEqual([
    {
      type: 'llm_call_failed',
      data: {
        task: 'write',
        agent: 'writer',
        model: 'scripted/model',
        error: 'openai/gpt-9 answered 401',
      },
    },
    {
      type: 'task_failed',
      data: { task: 'write', agent: 'writer', error: 'openai/gpt-9 answered 401' },
    },
  ])
  expect(events.filter(({ type }) => type === 'task_completed')).toHaveLength(1)
})

test('a task of an agent the crew does not have is refused with the agents it has', async () => {
  using model = scriptedModel([])
  const run = runCrew(
    crew({ tasks: [task('write', { agent: 'editor' })] }),
    {},
    plainHost({ runId: 'run-1', model: () => model }),
  )
  await expect(run).rejects.toThrow(
    'The task "write" is for the agent editor; the crew\'s agents are: writer.',
  )
})

test('every model call has a key of its own', async () => {
  using model = scriptedModel([{ content: 'Eins' }, { content: 'Zwei' }])
  const tasks = [task('prüfen'), task('write')]

  await runCrew(crew({ tasks }), {}, plainHost({ runId: 'run-1', model: () => model }))

  expect(model.requests.map(({ idempotencyKey }) => idempotencyKey)).toEqual([
    'run-1/prüfen/1/llm/1',
    'run-1/write/1/llm/1',
  ])
})

test.each([
  [null, undefined],
  [60_000, 60_000],
])('a crew whose retry horizon is %s has its models told %s', async (retryHorizonMs, told) => {
  using model = scriptedModel([{ content: 'Done' }])

  await runCrew(crew({ retryHorizonMs }), {}, plainHost({ runId: 'run-1', model: () => model }))

  expect(model.requests[0]?.retryHorizonMs).toBe(told)
})
