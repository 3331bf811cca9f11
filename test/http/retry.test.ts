import { expect, test, vi } from 'vitest'
import { type ModelAnswer, startModelServer } from '../harness/model-server.ts'
import { startReceiver } from '../harness/receiver.ts'
import { startTestServer } from '../harness/server.ts'
import { temporaryDirectory } from '../harness/temporary-directory.ts'

test('POST /runs/<id>/retry goes on with a failed run, and its end is told again', async () => {
  await using receiver = await startReceiver()
  await using model = await startModelServer({ answers: [{}, { status: 401 }] })
  await using server = await startTestServer({
    env: {
      COXSWAIN_SIMULATE: 'off',
      OPENAI_BASE_URL: model.baseUrl,
      OUTBOUND_ALLOWED_HOSTS: '127.0.0.1',
    },
  })
  const crewWebhookUrl = `${receiver.url}/crew`
  const runId = await server.kickoff({ inputs: { topic: 'tides' }, crewWebhookUrl })
  const failed = await server.until(runId, 'FAILED')
  await receiver.until(({ length }) => length === 1)

  const { status, body } = await server.post(`/runs/${runId}/retry`)

  expect(failed.error).toContain('wants a key (401): set OPENAI_API_KEY.')
  expect(status).toBe(200)
  expect(body).toEqual({ kickoff_id: runId, execution_id: runId, status: 'running' })
  const done = await server.until(runId, 'SUCCESS')
  expect(done).toMatchObject({ error: null, usage_metrics: { successful_requests: 2 } })
  expect(model.calls.map(({ idempotencyKey }) => idempotencyKey)).toEqual([
    `${runId}/research_task/1/llm/1`,
    `${runId}/write_task/1/llm/1`,
    `${runId}/write_task/1/llm/1/retry/1`,
  ])
  await receiver.until(({ length }) => length === 2)
  const told = receiver.requests.map((request) => JSON.parse(request.body))
  expect(told).toMatchObject([
    { kickoff_id: runId, state: 'FAILED', error: failed.error, result: null },
    { kickoff_id: runId, state: 'SUCCESS', error: null, result: done.result.output },
  ])

  const again = await server.post(`/runs/${runId}/retry`)
  expect(again.status).toBe(409)
  expect(again.body).toMatchObject({ code: 'not_failed' })
})

test('who is told to wait for an hour leaves its place to others, also over a restart', async () => {
  const asked = new Set<string>()
  await using model = await startModelServer({
    answers: ({ idempotencyKey }): ModelAnswer => {
      const runId = idempotencyKey.split('/')[0] ?? ''
      asked.add(runId)
      return [...asked].indexOf(runId) < 2
        ? { status: 429, headers: { 'retry-after': '3600' } }
        : {}
    },
  })
  const env = {
    COXSWAIN_SIMULATE: 'off',
    OPENAI_BASE_URL: model.baseUrl,
    MAX_CONCURRENT_RUNS: '2',
  }
  using directory = temporaryDirectory()
  const options = { env, directory: directory.path }
  const first = await startTestServer(options)
  const told: string[] = []
  for (const topic of ['tides', 'wind']) told.push(await first.kickoff({ inputs: { topic } }))
  for (const runId of told)
    await vi.waitFor(async () => {
      const { body, headers } = await first.get(`/status/${runId}`)
      expect(body).toMatchObject({ state: 'RUNNING', status: 'running', error: null })
      expect(Date.parse(body.retry_at) - Date.now()).toBeGreaterThan(3_590_000)
      expect(body.retry_reason).toContain('answered 429')
      expect(headers.get('etag')).toContain(String(Date.parse(body.retry_at)))
    }, 15_000)
  const other = await first.kickoff({ inputs: { topic: 'sun' } })
  await first.until(other, 'SUCCESS')
  await first.close()
  const calls = model.calls.length

  const second = await startTestServer(options)
  const next = await second.kickoff({ inputs: { topic: 'rain' } })
  await second.until(next, 'SUCCESS')

  expect(
    model.calls.slice(calls).every(({ idempotencyKey }) => idempotencyKey.startsWith(next)),
  ).toBe(true)
  const [stopped = '', waiting = ''] = told
  expect((await second.post(`/stop/${stopped}`)).status).toBe(200)
  expect((await second.get(`/status/${stopped}`)).body).toMatchObject({
    status: 'error',
    retry_at: null,
  })
  expect((await second.get(`/status/${waiting}`)).body).toMatchObject({ status: 'running' })
  await second.close()
})
