import { expect, test } from 'vitest'
import { startModelServer } from '../harness/model-server.ts'
import { startReceiver } from '../harness/receiver.ts'
import { REVIEWED_CREW, startTestServer } from '../harness/server.ts'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const env = { OUTBOUND_ALLOWED_HOSTS: '127.0.0.1', WEBHOOK_SECRET: SECRET }

const urls = (url: string) => ({
  taskWebhookUrl: `${url}/task`,
  stepWebhookUrl: `${url}/step`,
  crewWebhookUrl: `${url}/crew`,
  humanInputWebhookUrl: `${url}/human`,
})

test('a run tells its webhooks of steps, tasks and its end, signed', async () => {
  await using receiver = await startReceiver({ secrets: [SECRET] })
  await using server = await startTestServer({ env })
  const runId = await server.kickoff({
    inputs: { topic: 'tides' },
    meta: { order: 7 },
    ...urls(receiver.url),
  })
  await receiver.until((requests) => requests.length === 5)
  const byPath = (path: string) =>
    receiver.requests.filter((request) => request.path === path).map(({ body }) => JSON.parse(body))

  expect(receiver.requests.every(({ isVerified }) => isVerified)).toBe(true)
  expect(
    byPath('/task')
      .map(({ task_id }) => task_id)
      .sort(),
  ).toEqual(['research_task', 'write_task'])
  expect(byPath('/task')[0]).toMatchObject({
    kickoff_id: runId,
    meta: { order: 7 },
    status: 'completed',
    output_json: null,
  })
  expect(byPath('/step').map(({ step_type }) => step_type)).toEqual([
    'final_answer',
    'final_answer',
  ])
  const [crew] = byPath('/crew')
  const status = (await server.get(`/status/${runId}`)).body
  expect(crew).toMatchObject({
    kickoff_id: runId,
    meta: { order: 7 },
    status: 'completed',
    result: status.result.output,
    token_usage: status.token_usage,
  })
})

test('the crew webhook tells of a failure too', async () => {
  await using receiver = await startReceiver()
  await using model = await startModelServer({ answers: () => ({ status: 400 }) })
  await using server = await startTestServer({
    env: { ...env, COXSWAIN_SIMULATE: 'off', OPENAI_BASE_URL: model.baseUrl },
  })
  const runId = await server.kickoff({ inputs: { topic: 't' }, crewWebhookUrl: receiver.url })
  const body = JSON.parse((await receiver.next()).body)

  expect(body).toMatchObject({ kickoff_id: runId, status: 'error', result: null })
  expect(body.error).toContain('research_task')
})

test('the crew webhook tells of a stop too', async () => {
  await using receiver = await startReceiver()
  await using server = await startTestServer({ env, crews: { desk: REVIEWED_CREW } })
  const runId = await server.kickoff({ inputs: { letter: 'Hi' }, crewWebhookUrl: receiver.url })
  await server.until(runId, 'PAUSED')
  await server.post(`/stop/${runId}`)

  const body = JSON.parse((await receiver.next()).body)
  expect(body).toMatchObject({ kickoff_id: runId, status: 'error', stopped: true })
  expect(body.usage_metrics.successful_requests).toBe(1)
})

test('a person is asked by webhook, with the given authentication, and answers with what it brought', async () => {
  await using receiver = await startReceiver({ secrets: [SECRET] })
  await using server = await startTestServer({ env, crews: { desk: REVIEWED_CREW } })
  const runId = await server.kickoff({
    inputs: { letter: 'a complaint' },
    humanInputWebhook: {
      url: `${receiver.url}/human`,
      authentication: { strategy: 'bearer', token: 'desk-0815' },
    },
  })
  const asked = await receiver.next()
  const question = JSON.parse(asked.body)

  expect(asked.headers.authorization).toBe('Bearer desk-0815')
  expect(question).toMatchObject({
    kickoff_id: runId,
    execution_id: runId,
    task_name: 'reply_task',
  })
  expect(question.task_output).toContain('a complaint')
  const { body } = await server.get(`/runs/${runId}`)
  expect(JSON.stringify(body)).not.toContain('desk-0815')
  const resumed = await server.post('/resume', {
    execution_id: question.execution_id,
    task_id: question.task_id,
    human_feedback: '',
    is_approve: true,
  })
  expect(resumed.status).toBe(200)
  await server.until(runId, 'SUCCESS')
})

test('webhooks of the kickoff are carried over a resume, and those given there replace them', async () => {
  await using kept = await startReceiver()
  await using replaced = await startReceiver()
  await using server = await startTestServer({ env, crews: { desk: REVIEWED_CREW } })
  const runId = await server.kickoff({
    inputs: { letter: 'a complaint' },
    crewWebhookUrl: `${kept.url}/crew`,
    taskWebhookUrl: `${kept.url}/task`,
  })
  await server.until(runId, 'PAUSED')
  await server.post('/resume', {
    execution_id: runId,
    task_id: 'reply_task',
    human_feedback: '',
    is_approve: true,
    taskWebhookUrl: `${replaced.url}/task`,
  })
  await replaced.until((requests) => requests.length === 2)

  expect((await kept.next()).path).toBe('/crew')
  expect(kept.requests.length).toBe(1)
})

test('a webhook URL that names a private address is refused, naming the field', async () => {
  await using server = await startTestServer()
  const answers = await Promise.all([
    server.post('/kickoff', { inputs: { topic: 't' }, taskWebhookUrl: 'http://127.0.0.1:9/x' }),
    server.post('/kickoff', { inputs: { topic: 't' }, stepWebhookUrl: 'http://0x7f.1/' }),
    server.post('/kickoff', { inputs: { topic: 't' }, crewWebhookUrl: 'http://a:b@example.com/' }),
    server.post('/kickoff', { inputs: { topic: 't' }, humanInputWebhookUrl: 'file:///etc/passwd' }),
  ])
  const fields = ['taskWebhookUrl', 'stepWebhookUrl', 'crewWebhookUrl', 'humanInputWebhookUrl']

  for (const [index, { status, body }] of answers.entries()) {
    expect(status).toBe(422)
    expect(body.message).toContain(fields[index])
  }
  expect((await server.get('/runs')).body.runs).toEqual([])
})

test('messages to a receiver that is down while the server restarts arrive at the next start', async () => {
  const before = await startReceiver()
  const { port } = before
  await before[Symbol.asyncDispose]()
  const first = await startTestServer({ env })
  const runId = await first.kickoff({
    inputs: { topic: 'tides' },
    crewWebhookUrl: `http://127.0.0.1:${port}/crew`,
  })
  await first.until(runId, 'SUCCESS')
  await first.close()
  await using receiver = await startReceiver({ port, secrets: [SECRET] })
  await using _second = await startTestServer({ env, directory: first.directory })
  const request = await receiver.next()

  expect(JSON.parse(request.body).kickoff_id).toBe(runId)
  expect(request.isVerified).toBe(true)
  await first[Symbol.asyncDispose]()
}, 60_000)
