import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { startModelServer } from '../harness/model-server.ts'
import { startTestServer } from '../harness/server.ts'
import { fillDisk, scribble } from '../harness/trouble.ts'

const BIG = 'x'.repeat(200_000)

test('on a full disk kickoffs are refused with 507 and readiness is off, until there is room', async () => {
  await using server = await startTestServer()
  const ended = await server.kickoff({ inputs: { topic: 'tides' } })
  await server.until(ended, 'SUCCESS')
  const makeRoom = await fillDisk(server.database)
  const first = await server.post('/kickoff', { inputs: { topic: BIG } })
  const small = await server.post('/kickoff', { inputs: { topic: 'tides' } })
  const ready = await server.get('/readyz')

  for (const { status, body, headers } of [first, small]) {
    expect(status).toBe(507)
    expect(body).toMatchObject({ error: 'Insufficient Storage', code: 'database_full' })
    expect(headers.get('retry-after')).toMatch(/^\d+$/)
  }
  expect(ready).toMatchObject({ status: 503, body: { code: 'not_ready' } })
  expect(ready.body.message).toContain('full')
  expect((await server.get('/livez')).status).toBe(200)
  expect((await server.get(`/status/${ended}`)).status).toBe(200)
  await makeRoom()
  await vi.waitFor(async () => expect((await server.get('/readyz')).status).toBe(200), 2000)
  const runId = await server.kickoff({ inputs: { topic: 'tides' } })
  await server.until(runId, 'SUCCESS')
})

test('a run whose answer cannot be stored goes on within 2 s of there being room, and is not failed', async () => {
  const message = { role: 'assistant', content: BIG }
  const release = Promise.withResolvers<void>()
  await using model = await startModelServer({
    answers: ({ number }) => (number === 1 ? { after: release.promise, message } : {}),
  })
  const env = { COXSWAIN_SIMULATE: 'off', OPENAI_BASE_URL: model.baseUrl }
  await using server = await startTestServer({ env })
  const runId = await server.kickoff({ inputs: { topic: 'tides' } })
  await model.until(({ calls }) => calls.length === 1)
  const makeRoom = await fillDisk(server.database)
  release.resolve()
  await vi.waitFor(() => expect(server.database.health.trouble()).toBe('full'))
  await makeRoom()
  const before = performance.now()
  await server.until(runId, 'SUCCESS')

  expect(performance.now() - before).toBeLessThan(2000)
  expect(model.calls.length).toBe(2)
})

test('a read that meets a damaged page is answered with 503, and nothing is begun any more', async () => {
  await using server = await startTestServer()
  const marker = 'a-text-that-is-on-its-pages-alone'.repeat(300)
  const runId = await server.kickoff({ inputs: { topic: marker } })
  await server.until(runId, 'SUCCESS')
  await sql`pragma wal_checkpoint(truncate)`.execute(server.database.db)
  await sql`pragma shrink_memory`.execute(server.database.db)
  expect(scribble(join(server.directory, 'data/coxswain.db'), marker.slice(0, 66))).toBeGreaterThan(
    0,
  )
  const { status, body } = await server.get(`/runs/${runId}`)

  expect(status).toBe(503)
  expect(body).toMatchObject({ code: 'database_unavailable' })
  expect(body.message).toContain('damaged')
  expect((await server.get('/readyz')).body).toMatchObject({
    code: 'not_ready',
    message: body.message,
  })
  expect((await server.post('/kickoff', { inputs: { topic: 'tides' } })).status).toBe(503)
})
