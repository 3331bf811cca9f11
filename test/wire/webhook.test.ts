import { expect, test } from 'vitest'
import { NO_USAGE } from '../../src/llm/model.ts'
import type { RunEvent } from '../../src/runs/event.ts'
import { NO_PROGRESS } from '../../src/runs/progress.ts'
import { NO_WEBHOOKS, type RunStatus, type SealedWebhooks } from '../../src/runs/run.ts'
import type { RunMessage } from '../../src/runs/runs.ts'
import {
  CrewWebhook,
  draftWebhooks,
  fromMessage as fromNumbered,
  HumanInputWebhook,
  StepWebhook,
  TaskWebhook,
} from '../../src/wire/webhook.ts'
import { makeFinished, makeReport, makeRun, START } from '../harness/samples.ts'

const sealed = (kind: string) => ({
  origin: 'https://example.com',
  endpoint: kind,
  address: `v1.k.${kind}`,
})
const WEBHOOKS: SealedWebhooks = {
  task: sealed('task'),
  step: sealed('step'),
  crew: sealed('crew'),
  humanInput: sealed('humanInput'),
}
const IDS = {
  kickoff_id: makeRun().id,
  execution_id: makeRun().id,
  crew_version: 'v1',
  meta: { ticket: 7 },
  sequence: 3,
}
const TIMESTAMP = '2026-01-02T03:04:05.000Z'

const fromMessage = (message: RunMessage) => fromNumbered(message, 3)

test('a finished task is told with the fields of all descriptions of AMP', () => {
  const texts = { description: 'Research bees for children.', expectedOutput: 'A list.' }
  const body = fromMessage({
    kind: 'task',
    run: makeRun(),
    at: START,
    task: { ...makeFinished(), ...texts, output: '{"bees":2}' },
    summary: 'Research bees for children....',
  })
  expect(body).toEqual({
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
  })
  expect(TaskWebhook.strict().parse(body)).toEqual(body)
})

const WHERE = { task: 'research_task', agent: 'Researcher', at: START }

test('a tool call is told as a step', () => {
  const step = {
    ...WHERE,
    type: 'tool',
    thought: 'I look it up.',
    tool: 'search',
    toolInput: '{"q":1}',
    result: 'found',
  } as const
  const body = fromMessage({ kind: 'step', run: makeRun(), step })
  expect(body).toEqual({
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
  expect(StepWebhook.strict().parse(body)).toEqual(body)
})

test('the answer of an agent is told as a step, also when it has no tools', () => {
  const nothing = { tool: null, toolInput: null, result: null }
  const step = { ...WHERE, ...nothing, type: 'final_answer', thought: 'Bees dance.' } as const
  const body = fromMessage({ kind: 'step', run: makeRun(), step })
  expect(body).toMatchObject({
    step_type: 'final_answer',
    thought: 'Bees dance.',
    content: 'Bees dance.',
    tool: null,
    tool_input: null,
    result: null,
  })
  expect(StepWebhook.strict().parse(body)).toEqual(body)
})

function crewMessage(status: RunStatus, output: string | null, error: string | null) {
  const usage = { ...NO_USAGE, totalTokens: 9, promptTokens: 5, completionTokens: 4 }
  const progress = { ...NO_PROGRESS, usage, simulated: true }
  const run = { status, error, progress, endedAt: START + 3500 }
  const report = makeReport(run, { tasks: [makeFinished()], output })
  return fromMessage({ kind: 'crew', at: START, report })
}

test('a completed run is told with its result as text', () => {
  const body = crewMessage('completed', '{"bees":2}', null)
  expect(body).toEqual({
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
  expect(CrewWebhook.strict().parse(body)).toEqual(body)
})

test.each([
  ['failed', false],
  ['stopped', true],
] as const)(
  'a run that is %s is told to the crew webhook with the finished tasks',
  (status, stopped) => {
    const body = crewMessage(status, null, 'Why.')
    expect(body).toMatchObject({
      state: 'FAILED',
      status: 'error',
      stopped,
      result: null,
      result_json: null,
      error: 'Why.',
      error_message: 'Why.',
      tasks: [{ task_id: 'research_task' }],
    })
    expect(CrewWebhook.strict().parse(body)).toEqual(body)
  },
)

test('a question to a person is told with the id and the digest that a resume takes', () => {
  const requestId = '99999999-2222-4333-8444-555555555555'
  const { task, agent, at: askedAt } = WHERE
  const shown = { description: 'Research bees.', output: 'A draft.', digest: 'd1', askedAt }
  const question = { kind: 'review', requestId, task, agent, ...shown } as const
  const body = fromMessage({ kind: 'human_input', run: makeRun(), question })
  expect(body).toEqual({
    ...IDS,
    task_id: requestId,
    kind: 'review',
    task_name: 'research_task',
    agent: 'Researcher',
    task_output: 'A draft.',
    digest: 'd1',
    requested_at: TIMESTAMP,
  })
  expect(HumanInputWebhook.strict().parse(body)).toEqual(body)
})

const draft = (type: RunEvent['type'], webhooks: Partial<SealedWebhooks> = WEBHOOKS) => {
  const run = makeRun({ webhooks: { ...NO_WEBHOOKS, ...webhooks } })
  // Who is told follows from the type alone.
  return draftWebhooks(run, { type, seq: 4 } as RunEvent)
}

test.each([
  ['task_completed', 'task', WEBHOOKS.task],
  ['tool_usage_finished', 'step', WEBHOOKS.step],
  ['tool_usage_error', 'step', WEBHOOKS.step],
  ['agent_execution_completed', 'step', WEBHOOKS.step],
  ['human_feedback_requested', 'humanInput', WEBHOOKS.humanInput],
  ['crew_kickoff_completed', 'crew', WEBHOOKS.crew],
  ['crew_kickoff_failed', 'crew', WEBHOOKS.crew],
  ['run_stopped', 'crew', WEBHOOKS.crew],
] as const)('%s is told to the %s webhook', (type, kind, webhook) => {
  expect(draft(type)).toEqual([{ seq: 4, kind, webhook }])
})

test.each(['task_failed', 'tool_usage_started', 'run_queued'] as const)(
  '%s is not told',
  (type) => {
    expect(draft(type)).toEqual([])
  },
)

test('an event is told to nobody when the run has no webhook of its kind', () => {
  expect(draft('tool_usage_finished', { crew: WEBHOOKS.crew })).toEqual([])
})
