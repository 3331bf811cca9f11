import { expect, test } from 'vitest'
import { NO_USAGE } from '../../src/llm/model.ts'
import type { RunEvent, RunFact } from '../../src/runs/event.ts'
import type { Run, Webhooks } from '../../src/runs/run.ts'
import { NO_WEBHOOKS } from '../../src/runs/run.ts'
import {
  CrewWebhook,
  HumanInputWebhook,
  renderWebhooks,
  StepWebhook,
  TaskWebhook,
} from '../../src/wire/webhook.ts'
import { makeOutput, makeRun, START } from '../harness/samples.ts'

const WEBHOOKS: Webhooks = {
  task: { url: 'https://example.com/task', authentication: null },
  step: { url: 'https://example.com/step', authentication: null },
  crew: { url: 'https://example.com/crew', authentication: null },
  humanInput: {
    url: 'https://example.com/human',
    authentication: { strategy: 'bearer', token: 'secret' },
  },
}
const WHERE = { task: 'research_task', agent: 'Researcher' }
const USAGE = { ...NO_USAGE, totalTokens: 9, promptTokens: 5, completionTokens: 4 }
const ENDED = { tasks: [makeOutput()], usage: USAGE, simulated: true, executionTimeMs: 2500 }
const TOOL = {
  ...WHERE,
  tool: 'search',
  arguments: '{"q":1}',
  output: 'found',
  thought: 'I look it up.',
  durationMs: 5,
}
const IDS = {
  kickoff_id: makeRun().id,
  execution_id: makeRun().id,
  meta: { ticket: 7 },
}
const TIMESTAMP = '2026-01-02T03:04:05.000Z'

function render(fact: RunFact, webhooks: Partial<Webhooks> = WEBHOOKS) {
  const run: Run = makeRun({ webhooks: { ...NO_WEBHOOKS, ...webhooks } })
  const event: RunEvent = { ...fact, seq: 4, at: START }
  return renderWebhooks(run, event).map(({ body, ...draft }) => ({
    ...draft,
    body: JSON.parse(body),
  }))
}

test('a finished task is told with the fields of all descriptions of AMP', () => {
  const [delivery] = render({
    type: 'task_completed',
    data: { ...WHERE, output: makeOutput({ raw: '{"bees":2}' }) },
  })
  expect(delivery).toEqual({
    runId: IDS.kickoff_id,
    kind: 'task',
    webhook: WEBHOOKS.task,
    body: {
      ...IDS,
      task_id: 'research_task',
      name: 'research_task',
      description: 'Research bees for children.',
      expected_output: 'A list.',
      summary: 'Research bees for children....',
      agent: 'Researcher',
      output: '{"bees":2}',
      output_json: { bees: 2 },
      status: 'completed',
      execution_time: 1.5,
      timestamp: TIMESTAMP,
    },
  })
  expect(TaskWebhook.strict().parse(delivery?.body)).toEqual(delivery?.body)
})

test.each(['tool_usage_finished', 'tool_usage_error'] as const)('%s is told as a step', (type) => {
  const [delivery] = render({ type, data: TOOL })
  expect(delivery).toMatchObject({ kind: 'step', webhook: WEBHOOKS.step })
  expect(delivery?.body).toEqual({
    ...IDS,
    task_id: 'research_task',
    agent: 'Researcher',
    step_type: 'tool',
    prompt: null,
    thought: 'I look it up.',
    content: 'I look it up.',
    tool: 'search',
    tool_input: '{"q":1}',
    result: 'found',
    timestamp: TIMESTAMP,
  })
  expect(StepWebhook.strict().parse(delivery?.body)).toEqual(delivery?.body)
})

test('the answer of an agent is told as a step, also when it has no tools', () => {
  const [delivery] = render({
    type: 'agent_execution_completed',
    data: { ...WHERE, output: 'Bees dance.' },
  })
  expect(delivery?.kind).toBe('step')
  expect(delivery?.body).toMatchObject({
    step_type: 'final_answer',
    thought: 'Bees dance.',
    content: 'Bees dance.',
    tool: null,
    tool_input: null,
    result: null,
  })
  expect(StepWebhook.strict().parse(delivery?.body)).toEqual(delivery?.body)
})

test('a completed run is told with its result as text', () => {
  const [delivery] = render({
    type: 'crew_kickoff_completed',
    data: { ...ENDED, output: '{"bees":2}' },
  })
  expect(delivery).toMatchObject({ kind: 'crew', webhook: WEBHOOKS.crew })
  expect(delivery?.body).toEqual({
    ...IDS,
    state: 'SUCCESS',
    status: 'completed',
    stopped: false,
    simulated: true,
    result: '{"bees":2}',
    result_json: { bees: 2 },
    tasks: [
      {
        task_id: 'research_task',
        name: 'research_task',
        output: 'Bees dance.',
        agent: 'Researcher',
        execution_time: 1.5,
      },
    ],
    error: null,
    error_message: null,
    execution_time: 2.5,
    usage_metrics: {
      total_tokens: 9,
      prompt_tokens: 5,
      cached_prompt_tokens: 0,
      completion_tokens: 4,
      reasoning_tokens: 0,
      successful_requests: 0,
    },
    token_usage: { total_tokens: 9, prompt_tokens: 5, completion_tokens: 4 },
    timestamp: TIMESTAMP,
  })
  expect(CrewWebhook.strict().parse(delivery?.body)).toEqual(delivery?.body)
})

test.each([
  ['crew_kickoff_failed', false],
  ['run_stopped', true],
] as const)('%s is told to the crew webhook with the finished tasks', (type, stopped) => {
  const [delivery] = render({ type, data: { ...ENDED, error: 'Why.' } })
  expect(delivery?.body).toMatchObject({
    state: 'FAILED',
    status: 'error',
    stopped,
    result: null,
    result_json: null,
    error: 'Why.',
    error_message: 'Why.',
    tasks: [{ task_id: 'research_task' }],
  })
  expect(CrewWebhook.strict().parse(delivery?.body)).toEqual(delivery?.body)
})

test('a question to a person is told with the id that a resume takes', () => {
  const requestId = '99999999-2222-4333-8444-555555555555'
  const [delivery] = render({
    type: 'human_feedback_requested',
    data: { ...WHERE, requestId, key: 'research_task/1/human', output: 'A draft.' },
  })
  expect(delivery).toMatchObject({ kind: 'human_input', webhook: WEBHOOKS.humanInput })
  expect(delivery?.body).toEqual({
    ...IDS,
    task_id: requestId,
    task_name: 'research_task',
    agent: 'Researcher',
    task_output: 'A draft.',
    requested_at: TIMESTAMP,
  })
  expect(HumanInputWebhook.strict().parse(delivery?.body)).toEqual(delivery?.body)
})

test.each<[string, RunFact]>([
  ['a failed task', { type: 'task_failed', data: { ...WHERE, error: 'Why.' } }],
  [
    'a started tool',
    { type: 'tool_usage_started', data: { ...WHERE, tool: 'x', arguments: '{}' } },
  ],
  ['a queued run', { type: 'run_queued', data: { tasks: [] } }],
])('%s is not told', (_, fact) => {
  expect(render(fact)).toEqual([])
})

test('an event is told to nobody when the run has no webhook of its kind', () => {
  const { crew } = WEBHOOKS
  expect(render({ type: 'tool_usage_finished', data: TOOL }, { crew })).toEqual([])
})
