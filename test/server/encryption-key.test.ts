import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startReceiver } from '../harness/receiver.ts'
import { REVIEWED_CREW, startTestServer, type TestServer } from '../harness/server.ts'

const env = { OUTBOUND_ALLOWED_HOSTS: '127.0.0.1', SHUTDOWN_GRACE_SECONDS: '0' }
const crews = { desk: REVIEWED_CREW }
const keyFileOf = (server: TestServer) => join(server.directory, 'data', 'encryption-key')
const makeKey = () => randomBytes(32).toString('base64')
const credentials = { strategy: 'bearer', token: 'desk-0815' }

/** A stopped server with a run that waits for a person, and a message that waits for its receiver. */
async function stoppedServer(receiver: { readonly url: string }, more = {}): Promise<TestServer> {
  const server = await startTestServer({ env: { ...env, ...more }, crews })
  const runId = await server.kickoff({
    inputs: { letter: 'a complaint' },
    crewWebhookUrl: `${receiver.url}/crew`,
    humanInputWebhook: { url: `${receiver.url}/human`, authentication: credentials },
  })
  await server.until(runId, 'PAUSED')
  await server.close()
  return server
}

test('the key is made at the first start, and only its owner can read it', async () => {
  await using server = await startTestServer({ env, crews })

  expect(statSync(keyFileOf(server)).mode & 0o777).toBe(0o600)
  expect(Buffer.from(readFileSync(keyFileOf(server), 'utf8').trim(), 'base64')).toHaveLength(32)
})

test('a start with another key is refused with what to do', async () => {
  await using server = await startTestServer({ env, crews })
  await server.close()
  const { directory } = server
  const start = (more: Readonly<Record<string, string>>) =>
    startTestServer({ env: { ...env, ...more }, crews, directory })

  await expect(start({ ENCRYPTION_KEY: makeKey() })).rejects.toThrow(
    /^ENCRYPTION_KEY is not the key .*The key [0-9a-f]{8} is missing.*separated by a comma/,
  )
  rmSync(keyFileOf(server))
  await expect(start({})).rejects.toThrow(/encryption-key is not the key/)
  writeFileSync(keyFileOf(server), 'not a key')
  await expect(start({})).rejects.toThrow('does not hold a key')
})

test('keys are changed without losing a message or a credential', async () => {
  const down = await startReceiver()
  const { port } = down
  await down[Symbol.asyncDispose]()
  await using server = await stoppedServer(down)
  const { directory } = server
  const [old, next] = [readFileSync(keyFileOf(server), 'utf8').trim(), makeKey()]
  const both = { ...env, ENCRYPTION_KEY: `${next},${old}` }
  await (await startTestServer({ env: both, crews, directory })).close()
  await using receiver = await startReceiver({ port })
  const onlyNext = { ...env, ENCRYPTION_KEY: next }
  await using last = await startTestServer({ env: onlyNext, crews, directory })
  const asked = await receiver.next()
  const { execution_id, task_id } = JSON.parse(asked.body)
  const answer = { execution_id, task_id, human_feedback: '', is_approve: true }
  await last.post('/resume', answer)

  expect(asked.headers.authorization).toBe('Bearer desk-0815')
  expect(await receiver.next()).toMatchObject({ path: '/crew' })
}, 60_000)
