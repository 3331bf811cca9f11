import { expect, test, vi } from 'vitest'
import { RESEARCH_CREW, startTestServer } from '../harness/server.ts'

/** In days: 0.9 s. */
const A_SECOND = '0.00001'

test('a run is gone once its time is over, for every reader, and the others are not', async () => {
  const crews = { research: RESEARCH_CREW }
  await using server = await startTestServer({ crews, env: { RETENTION_DAYS: A_SECOND } })
  const runId = await server.kickoff({ inputs: { topic: 'tides' } })
  await server.until(runId, 'SUCCESS')
  await vi.waitFor(
    async () => expect((await server.get(`/status/${runId}`)).status).toBe(404),
    10_000,
  )

  expect((await server.get('/runs')).body.runs).toEqual([])
  await vi.waitFor(async () =>
    expect(await server.database.db.selectFrom('journal').select('seq').execute()).toEqual([]),
  )
})

test('without RETENTION_DAYS, what is old stays', async () => {
  await using server = await startTestServer()
  const runId = await server.kickoff({ inputs: { topic: 'tides' } })
  await server.until(runId, 'SUCCESS')
  await server.database.db.updateTable('runs').set({ endedAt: 1 }).execute()
  const { directory } = server
  await server.close()
  await using again = await startTestServer({ directory })

  expect((await again.get(`/status/${runId}`)).status).toBe(200)
})
