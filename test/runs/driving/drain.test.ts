import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { type ModelServer, startModelServer } from '../../harness/model-server.ts'
import { RESEARCH_CREW, startTestServer, TOKEN } from '../../harness/server.ts'
import { spawnServer } from '../../harness/spawned-server.ts'
import { temporaryDirectory } from '../../harness/temporary-directory.ts'
import { writeCrews } from '../../harness/write-crews.ts'

const onModel = ({ baseUrl }: ModelServer) => ({
  COXSWAIN_SIMULATE: 'off',
  OPENAI_BASE_URL: baseUrl,
  SHUTDOWN_GRACE_SECONDS: '5',
})

test('a closing server lets the call in flight finish, begins no other, and the next start goes on', async () => {
  const held = Promise.withResolvers<void>()
  await using model = await startModelServer({
    answers: ({ number }) => (number === 1 ? { after: held.promise } : {}),
  })
  const first = await startTestServer({ env: onModel(model) })
  const runId = await first.kickoff({ inputs: { topic: 'tides' } })
  await model.until(({ calls }) => calls.length === 1)
  const closed = first.close()
  await vi.waitFor(async () => expect((await first.get('/readyz')).status).toBe(503))
  const refused = await first.post('/kickoff', { inputs: { topic: 'late' } })
  held.resolve()
  await closed

  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).not.toBeNull()
  expect(model.ledger.map(({ outcome }) => outcome)).toEqual(['answered'])
  await using second = await startTestServer({ env: onModel(model), directory: first.directory })
  const status = await second.until(runId, 'SUCCESS')
  expect(status.progress.completed_tasks).toBe(2)
  expect(model.calls.length).toBe(2)
  await first[Symbol.asyncDispose]()
})

test('a call that does not end within the grace is given up, and made again at the next start', async () => {
  await using model = await startModelServer({
    answers: ({ number }) => (number === 1 ? 'hang' : {}),
  })
  const env = { ...onModel(model), SHUTDOWN_GRACE_SECONDS: '0' }
  const first = await startTestServer({ env })
  const runId = await first.kickoff({ inputs: { topic: 'tides' } })
  await model.until(({ calls }) => calls.length === 1)
  await first.close()
  await model.until(({ ledger }) => ledger.length === 1)

  expect(model.ledger[0]?.outcome).toBe('aborted')
  await using second = await startTestServer({ env, directory: first.directory })
  await second.until(runId, 'SUCCESS')
  expect(model.calls.length).toBe(3)
  expect(model.ledger[1]?.idempotencyKey).toBe(model.ledger[0]?.idempotencyKey)
  await first[Symbol.asyncDispose]()
})

test('beyond its grace the process takes less than the 2 s that Docker leaves to the default', async () => {
  using directory = temporaryDirectory()
  await using model = await startModelServer({ answers: () => 'hang' })
  const server = await spawnServer({
    ...onModel(model),
    SHUTDOWN_GRACE_SECONDS: '0',
    CREWS_DIR: writeCrews(directory.path, { research: RESEARCH_CREW }),
    DATABASE_URL: `sqlite:${join(directory.path, 'data/coxswain.db')}`,
    COXSWAIN_TOKEN: TOKEN,
  })
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ inputs: { topic: 'tides' } })
  await fetch(`${server.url}/kickoff`, { method: 'POST', headers, body })
  await model.until(({ calls }) => calls.length === 1)
  const { port, hostname } = new URL(server.url)
  const client = connect(Number(port), hostname)
  client.on('error', () => {})
  // Its answer is waited for, because the rest of it might still come.
  client.write(
    `POST /kickoff HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 9\r\n\r\n{`,
  )
  const before = performance.now()

  expect(await server.kill('SIGTERM')).toBe(0)
  expect(performance.now() - before).toBeLessThan(2000)
  client.destroy()
})

test('SIGTERM ends the process with code 0, and a second server can take the data over', async () => {
  using directory = temporaryDirectory()
  const env = {
    CREWS_DIR: writeCrews(directory.path, { research: RESEARCH_CREW }),
    DATABASE_URL: `sqlite:${join(directory.path, 'data/coxswain.db')}`,
    COXSWAIN_TOKEN: TOKEN,
  }
  const first = await spawnServer(env)
  await expect(spawnServer(env)).rejects.toThrow('another process is using it')

  expect(await first.kill('SIGTERM')).toBe(0)
  const second = await spawnServer(env)
  expect(await second.kill('SIGINT')).toBe(0)
})
