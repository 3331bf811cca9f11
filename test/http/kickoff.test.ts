import { expect, test } from 'vitest'
import { startTestServer } from '../harness/server.ts'

test('POST /kickoff starts a run that ends with its result in /status', async () => {
  await using server = await startTestServer()
  const runId = await server.kickoff({ inputs: { topic: 'tides' }, meta: { order: 7 } })
  const status = await server.until(runId, 'SUCCESS')

  expect(status).toMatchObject({
    kickoff_id: runId,
    execution_id: runId,
    status: 'completed',
    simulated: true,
    error: null,
    error_message: null,
    current_task: null,
    meta: { order: 7 },
    progress: { completed_tasks: 2, total_tasks: 2, completed: 2, total: 2, remaining: 0 },
    usage_metrics: { successful_requests: 2 },
  })
  expect(
    status.result.tasks.map(({ task_id, agent }: Record<string, string>) => [task_id, agent]),
  ).toEqual([
    ['research_task', 'tides Researcher'],
    ['write_task', 'Writer'],
  ])
  expect(status.result.output).toBe(status.result.tasks[1].output)
  expect(status.result.output).toContain('Write about tides')
})

test('GET /<id>/status and GET /status/<id> answer the same, at the root and under the crew', async () => {
  await using server = await startTestServer()
  const runId = await server.kickoff({ inputs: { topic: 'tides' } })
  const status = await server.until(runId, 'SUCCESS')
  const paths = [
    `/${runId}/status`,
    `/crews/research/status/${runId}`,
    `/crews/research/${runId}/status`,
  ]
  const others = await Promise.all(paths.map((path) => server.get(path)))

  for (const other of others) expect(other.body).toEqual(status)
})

test('task times and the execution time are those the model took', async () => {
  await using server = await startTestServer({ env: { COXSWAIN_SIMULATE_LATENCY_MS: '120' } })
  const runId = await server.kickoff({ inputs: { topic: 'tides' } })
  const status = await server.until(runId, 'SUCCESS')
  const [first, second] = status.result.tasks

  expect(first.execution_time).toBeGreaterThanOrEqual(0.12)
  expect(first.execution_time).toBeLessThan(1)
  expect(status.execution_time).toBeGreaterThanOrEqual(
    first.execution_time + second.execution_time - 0.002,
  )
})

test('a kickoff without its inputs is answered 422 with the missing ones by name', async () => {
  await using server = await startTestServer({
    crews: {
      travel: {
        'config/agents.yaml':
          'guide: { role: Guide, goal: "Plan for {budget}", backstory: Been there. }',
        'config/tasks.yaml':
          'plan: { description: "Plan {days}", expected_output: A plan, agent: guide }',
      },
    },
  })
  const answers = await Promise.all(
    [{}, { inputs: {} }, { inputs: null }, undefined].map((body) => server.post('/kickoff', body)),
  )

  for (const { status, body } of answers) {
    expect(status).toBe(422)
    expect(body).toEqual({
      code: 'missing_inputs',
      error: 'Validation Error',
      message: 'Missing required inputs',
      detail: 'Missing inputs: days, budget',
      details: { missing_inputs: ['days', 'budget'] },
    })
  }
})

test('inputs may be numbers, booleans, lists and objects, and are filled in once', async () => {
  await using server = await startTestServer()
  const topic = { list: [1, 'two', true], text: '{topic}' }
  const runId = await server.kickoff({ inputs: { topic, extra: 5 }, unknown_key: 1 })
  const status = await server.until(runId, 'SUCCESS')

  expect(status.last_executed_task.description).toBe(
    'Write about {"list":[1,"two",true],"text":"{topic}"}',
  )
})

test('webhook URLs that are null or empty mean none', async () => {
  await using server = await startTestServer()
  const none = { taskWebhookUrl: null, stepWebhookUrl: '', crewWebhookUrl: null }
  const runId = await server.kickoff({
    inputs: { topic: 'tides' },
    ...none,
    humanInputWebhook: null,
  })

  await server.until(runId, 'SUCCESS')
})

test('beyond MAX_QUEUED_RUNS a kickoff is answered 429 with Retry-After, and nothing is lost', async () => {
  await using server = await startTestServer({
    env: { MAX_CONCURRENT_RUNS: '1', MAX_QUEUED_RUNS: '2', COXSWAIN_SIMULATE_LATENCY_MS: '60' },
  })
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => server.post('/kickoff', { inputs: { topic: 'tides' } })),
  )
  const accepted = answers.filter(({ status }) => status === 200)
  const refused = answers.filter(({ status }) => status === 429)

  expect(accepted.length + refused.length).toBe(10)
  // One is being done, two wait.
  expect(accepted.length).toBeLessThanOrEqual(3)
  for (const { headers, body } of refused) {
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(body.error).toBe('Too Many Requests')
  }
  for (const { body } of accepted) await server.until(body.kickoff_id, 'SUCCESS')
  expect((await server.get('/runs')).body.runs.length).toBe(accepted.length)
})

test('an unknown id is answered 404 with a body that every client can read', async () => {
  await using server = await startTestServer()
  const id = '00000000-0000-4000-8000-000000000000'
  const answers = await Promise.all(
    [`/status/${id}`, `/${id}/status`, `/crews/research/status/${id}`, '/status/nonsense'].map(
      (path) => server.get(path),
    ),
  )

  for (const { status, body } of answers) {
    expect(status).toBe(404)
    expect(body).toMatchObject({
      error: 'Execution not found',
      state: 'NOT FOUND',
      status: 'error',
    })
    expect(body.message).toMatch(/^No execution found with ID: /)
  }
})

test('a run is not found under another crew', async () => {
  const one = { 'config/agents.yaml': 'a: { role: A, goal: B, backstory: C }' }
  const crew = {
    ...one,
    'config/tasks.yaml': 't: { description: D, expected_output: E, agent: a }',
  }
  await using server = await startTestServer({ crews: { first: crew, second: crew } })
  const { body } = await server.post('/crews/first/kickoff', {})

  expect((await server.get(`/crews/first/status/${body.kickoff_id}`)).status).toBe(200)
  expect((await server.get(`/crews/second/status/${body.kickoff_id}`)).status).toBe(404)
  expect((await server.post(`/crews/second/stop/${body.kickoff_id}`)).status).toBe(404)
})

test('with several crews and no default the root says which there are', async () => {
  const one = { 'config/agents.yaml': 'a: { role: A, goal: B, backstory: C }' }
  const crew = {
    ...one,
    'config/tasks.yaml': 't: { description: D, expected_output: E, agent: a }',
  }
  await using server = await startTestServer({ crews: { first: crew, second: crew } })
  const answers = await Promise.all([server.post('/kickoff', {}), server.get('/inputs')])

  for (const { status, body } of answers) {
    expect(status).toBe(404)
    expect(body.message).toContain('/crews/first, /crews/second')
  }
})

test('inputs that would make the prompts endless are refused, and say so', async () => {
  const texts = Array.from({ length: 30 }, () => '{topic}').join(' ')
  const files = {
    'config/agents.yaml': `a: { role: Reader, goal: '${texts}', backstory: You read. }`,
    'config/tasks.yaml': `t: { description: '{topic}', expected_output: Notes, agent: a }`,
  }
  await using server = await startTestServer({ crews: { wide: files } })
  const kickoff = (length: number) =>
    server.post('/kickoff', { inputs: { topic: 'x'.repeat(length) } })

  // The goal counts for the agent and for its task.
  const refused = await kickoff(300_000)
  expect(refused.status).toBe(422)
  expect(refused.body.message).toBe(
    'inputs: would make the texts of the crew 18300000 characters long, and they may have 16000000',
  )
  expect((await kickoff(200_000)).status).toBe(200)
})

test('a meta that is too long to be repeated everywhere is refused', async () => {
  await using server = await startTestServer()
  const kickoff = (length: number) =>
    server.post('/kickoff', { inputs: { topic: 'tides' }, meta: { note: 'x'.repeat(length) } })

  expect((await kickoff(70_000)).body.details.fields).toMatchObject([{ field: 'meta' }])
  expect((await kickoff(60_000)).status).toBe(200)
})
