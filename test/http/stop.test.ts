import { expect, test } from 'vitest'
import { startModelServer } from '../harness/model-server.ts'
import { REVIEWED_CREW, startTestServer } from '../harness/server.ts'

test('POST /stop ends a run and aborts its call in flight', async () => {
  await using model = await startModelServer({ answers: () => 'hang' })
  await using server = await startTestServer({
    env: { COXSWAIN_SIMULATE: 'off', OPENAI_BASE_URL: model.baseUrl },
  })
  const runId = await server.kickoff({ inputs: { topic: 'tides' } })
  await model.until(({ calls }) => calls.length === 1)
  const stopped = await server.post(`/stop/${runId}`)

  expect(stopped.status).toBe(200)
  expect(stopped.body).toMatchObject({ status: 'stopped', kickoffId: runId, kickoff_id: runId })
  await model.until(({ ledger }) => ledger.length === 1)
  expect(model.ledger[0]?.outcome).toBe('aborted')
  const { body } = await server.get(`/status/${runId}`)
  expect(body).toMatchObject({ state: 'FAILED', status: 'error', stopped: true })
  expect(body.error).toContain('stopped')
})

test('a run that has ended cannot be stopped, and says in which state it is', async () => {
  await using server = await startTestServer()
  const runId = await server.kickoff({ inputs: { topic: 'tides' } })
  await server.until(runId, 'SUCCESS')
  const { status, body } = await server.post(`/stop/${runId}`)

  expect(status).toBe(400)
  expect(body.detail).toBe('Cannot stop execution. Current state: SUCCESS')
})

test('a run that waits for a person can be stopped, and then not be resumed', async () => {
  await using server = await startTestServer({ crews: { desk: REVIEWED_CREW } })
  const runId = await server.kickoff({ inputs: { letter: 'Hello' } })
  await server.until(runId, 'PAUSED')
  await server.post(`/stop/${runId}`)
  const answer = {
    execution_id: runId,
    task_id: 'reply_task',
    human_feedback: '',
    is_approve: true,
  }

  expect((await server.post('/resume', answer)).status).toBe(400)
  expect((await server.get(`/status/${runId}`)).body).toMatchObject({
    stopped: true,
    pending_human_input: null,
  })
})

test('stopping an unknown run is answered 404', async () => {
  await using server = await startTestServer()
  const { status, body } = await server.post('/stop/00000000-0000-4000-8000-000000000000')

  expect(status).toBe(404)
  expect(body.error).toBe('Execution not found')
})
