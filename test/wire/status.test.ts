import { expect, test } from 'vitest'
import { ExecutionStatus, fromReport, StatusQuery } from '../../src/wire/status.ts'
import { makeFinished, makeReport, makeRun, START } from '../harness/samples.ts'

const OPTIONS = { resultFormat: 'object', now: START + 11_000 } as const
const WORKING = { current: { task: 'write_task', agent: 'Writer' } }
const DONE = { tasks: [makeFinished()] }

test.each([
  ['queued', makeReport({ status: 'queued', startedAt: null }), 'PENDING', 'running'],
  ['started', makeReport({ status: 'running' }), 'STARTED', 'running'],
  ['running its first task', makeReport({}, WORKING), 'RUNNING', 'running'],
  ['running, between two tasks', makeReport({}, DONE), 'RUNNING', 'running'],
  ['queued again', makeReport({ status: 'queued' }, DONE), 'RUNNING', 'running'],
  ['waiting', makeReport({ status: 'waiting' }, WORKING), 'PAUSED', 'pending'],
  ['completed', makeReport({ status: 'completed' }, DONE), 'SUCCESS', 'completed'],
  ['failed', makeReport({ status: 'failed' }), 'FAILED', 'error'],
  ['stopped', makeReport({ status: 'stopped' }), 'FAILED', 'error'],
])('a run that is %s has its state in both vocabularies', (_, report, state, status) => {
  expect(fromReport(report, OPTIONS)).toMatchObject({ state, status })
})

test('the status of a new run has every key, and null where nothing is to be said', () => {
  const report = makeReport({ status: 'queued', startedAt: null })
  const { id } = report.run
  const usage = { total_tokens: 0, prompt_tokens: 0, completion_tokens: 0 }
  expect(fromReport(report, OPTIONS)).toEqual({
    kickoff_id: id,
    execution_id: id,
    crew_version: 'v1',
    state: 'PENDING',
    status: 'running',
    stopped: false,
    simulated: false,
    result: null,
    result_json: null,
    tasks: [],
    error: null,
    error_message: null,
    current_task: null,
    retry_at: null,
    retry_reason: null,
    pending_human_input: null,
    progress: {
      completed_tasks: 0,
      total_tasks: 2,
      unit: 'task',
      completed: 0,
      total: 2,
      remaining: 2,
      current: null,
      current_agent: null,
      started_at: null,
      updated_at: '2026-01-02T03:04:07.000Z',
      duration_seconds: null,
    },
    execution_time: null,
    usage_metrics: {
      ...usage,
      cached_prompt_tokens: 0,
      reasoning_tokens: 0,
      successful_requests: 0,
    },
    token_usage: usage,
    last_step: null,
    last_executed_task: null,
    execution_origin: 'api',
    triggered_by: { type: 'unknown', id: null },
    source: 'application',
    meta: { ticket: 7 },
  })
})

test('a run that is postponed is running, and tells until when and why', () => {
  const [since, retryAt, error] = [START, START + 60_000, 'Model m at h answered 503.']
  const postponed = [{ step: 'write_task/1/llm/1', since, attempts: 5, retryAt, error }]
  const progress = { ...makeRun().progress, postponed }
  const of = (at: number | null) =>
    fromReport(makeReport({ status: 'running', retryAt: at, progress }, WORKING), OPTIONS)

  expect(of(retryAt)).toMatchObject({
    state: 'RUNNING',
    status: 'running',
    retry_at: '2026-01-02T03:05:05.000Z',
    retry_reason: error,
    error: null,
  })
  // It is driven at this moment.
  expect(of(null)).toMatchObject({ retry_at: null, retry_reason: null })
})

const completed = (output: string) =>
  makeReport({ status: 'completed', endedAt: START + 5500 }, { ...DONE, output })

test('a completed run has its result as an object, with its tasks', () => {
  const task = {
    task_id: 'research_task',
    name: 'research_task',
    output: 'Bees dance.',
    agent: 'Researcher',
    execution_time: 1.5,
  }
  expect(fromReport(completed('Bees dance.'), OPTIONS)).toMatchObject({
    result: { output: 'Bees dance.', tasks: [task] },
    result_json: null,
    // Each output once, in the result.
    tasks: [{ ...task, output: null }],
    execution_time: 4.5,
    last_executed_task: {
      name: 'research_task',
      description: 'Research bees for children.',
      agent: 'Researcher',
      output: 'Bees dance.',
      kickoff_id: makeRun().id,
      meta: { ticket: 7 },
    },
  })
})

test('a completed run has its result as text when that is asked for', () => {
  const options = { ...OPTIONS, resultFormat: 'string' } as const
  const body = fromReport(completed('Bees dance.'), options)
  expect(body.result).toBe('Bees dance.')
  expect(body.tasks).toMatchObject([{ output: 'Bees dance.' }])
})

test('an output that is a JSON object is there parsed, too, and stays text in the result', () => {
  const body = fromReport(completed('{"bees":2}'), OPTIONS)
  expect(body.result_json).toEqual({ bees: 2 })
  expect(body.result).toMatchObject({ output: '{"bees":2}' })
})

test('a failed run has no result, both errors, and the tasks it finished', () => {
  const report = makeReport({ status: 'failed', error: 'The model is gone.' }, DONE)
  expect(fromReport(report, OPTIONS)).toMatchObject({
    result: null,
    error: 'The model is gone.',
    error_message: 'The model is gone.',
    stopped: false,
    tasks: [{ task_id: 'research_task', output: 'Bees dance.' }],
    progress: { completed_tasks: 1, remaining: 1 },
  })
})

test('a stopped run says so beside its error', () => {
  const report = makeReport({ status: 'stopped', error: 'The run was stopped.' })
  expect(fromReport(report, OPTIONS)).toMatchObject({
    stopped: true,
    error: 'The run was stopped.',
  })
})

const QUESTION = {
  kind: 'review',
  requestId: '99999999-2222-4333-8444-555555555555',
  task: 'write_task',
  agent: 'Writer',
  description: 'Write about bees.',
  output: 'A draft.',
  digest: 'd1',
  askedAt: START + 4000,
} as const
const OPEN = {
  ...QUESTION,
  key: 'write_task/1/human',
  outputStep: 'write_task/1/llm/1',
} as const
const WAITING = { question: QUESTION, progress: { questions: [OPEN] } }

test('a waiting run says what a person is asked', () => {
  const report = makeReport({ status: 'waiting' }, { ...WORKING, ...WAITING })
  expect(fromReport(report, OPTIONS).pending_human_input).toEqual({
    task_id: QUESTION.requestId,
    kind: 'review',
    task_name: 'write_task',
    agent: 'Writer',
    task_output: 'A draft.',
    digest: 'd1',
    requested_at: '2026-01-02T03:04:09.000Z',
  })
})

test.each([
  ['until now', makeReport(), 10],
  ['until its end', makeReport({ endedAt: START + 3000 }), 2],
  ['less the waits that are over', makeReport({}, { progress: { waitedMs: 4000 } }), 6],
  ['less the wait that goes on', makeReport({ status: 'waiting' }, WAITING), 3],
])('the execution time of a run counts %s', (_, report, seconds) => {
  const body = fromReport(report, OPTIONS)
  expect(body.execution_time).toBe(seconds)
  expect(body.progress.duration_seconds).toBe(seconds)
})

test('a running run says its current task, agent and last step', () => {
  const lastStep = {
    type: 'tool',
    task: 'write_task',
    agent: 'Writer',
    thought: 'I look it up.',
    tool: 'search',
    toolInput: '{"q":1}',
    result: 'found',
    at: START,
  } as const
  expect(fromReport(makeReport({}, { ...WORKING, lastStep }), OPTIONS)).toMatchObject({
    current_task: 'write_task',
    progress: { current: 'write_task', current_agent: 'Writer' },
    last_step: {
      step_type: 'tool',
      task_id: 'write_task',
      agent: 'Writer',
      thought: 'I look it up.',
      tool: 'search',
      tool_input: '{"q":1}',
      result: 'found',
      timestamp: '2026-01-02T03:04:05.000Z',
    },
  })
})

test.each([
  ['new', makeReport({ status: 'queued', startedAt: null })],
  ['waiting', makeReport({ status: 'waiting' }, { ...WORKING, ...WAITING })],
  ['completed', completed('{"bees":2}')],
])('the status of a %s run keeps to its schema, without a key too many', (_, report) => {
  const body = fromReport(report, OPTIONS)
  expect(ExecutionStatus.strict().parse(body)).toEqual(body)
})

test.each([
  ['object', true],
  ['string', true],
  ['text', false],
  ['', false],
])('?result=%s is understood: %o', (result, isUnderstood) => {
  expect(StatusQuery.safeParse({ result }).success).toBe(isUnderstood)
})
