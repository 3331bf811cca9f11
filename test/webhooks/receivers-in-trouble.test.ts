import { expect, test } from 'vitest'
import { openDatabase } from '../../src/db/open.ts'
import { startReceiver } from '../harness/receiver.ts'
import { startTestServer } from '../harness/server.ts'

const DAY_MS = 86_400_000
const env = { OUTBOUND_ALLOWED_HOSTS: '127.0.0.0/8', SHUTDOWN_GRACE_SECONDS: '0' }
const inputs = { topic: 'tides' }

test('thirteen receivers that hang do not delay one that answers', async () => {
  await using hanging = await startReceiver({ answers: () => 'hang', host: '0.0.0.0' })
  await using healthy = await startReceiver()
  await using server = await startTestServer({ env })
  const addresses = Array.from({ length: 13 }, (_, index) => `127.0.0.${index + 1}`)
  const urls = addresses.map((address) => `http://${address}:${hanging.port}/`)
  // Four messages each: as many as were once sent to one origin at a time.
  await Promise.all(
    [...urls, ...urls, ...urls, ...urls].map((crewWebhookUrl) =>
      server.kickoff({ inputs, crewWebhookUrl }),
    ),
  )
  await hanging.until((requests) => requests.length >= 13)
  await server.kickoff({ inputs, crewWebhookUrl: healthy.url })
  await healthy.next()

  // Not one of those that hang was given up meanwhile.
  expect(hanging.connections.open).toBe(hanging.connections.opened)
})

test('a receiver that answers slowly is sent more than four messages at a time', async () => {
  const answered = Promise.withResolvers<void>()
  // It answers the first few at once: how else would one know that it can take more?
  const first = Array.from({ length: 20 }, () => ({}))
  await using receiver = await startReceiver({
    answers: (_, index) => first[index] ?? { after: answered.promise },
  })
  await using server = await startTestServer({ env })
  const kickoff = () => server.kickoff({ inputs, crewWebhookUrl: receiver.url })
  await Promise.all(first.map(kickoff))
  await receiver.until((requests) => requests.length === first.length)
  await Promise.all(first.map(kickoff))

  await receiver.until((requests) => requests.length === first.length + 16)
  answered.resolve()
})

test('messages are numbered without gaps for each run and URL', async () => {
  await using receiver = await startReceiver()
  await using server = await startTestServer({ env })
  const runs = await Promise.all(
    ['a', 'b'].map(() =>
      server.kickoff({
        inputs,
        taskWebhookUrl: `${receiver.url}/one`,
        stepWebhookUrl: `${receiver.url}/one`,
        crewWebhookUrl: `${receiver.url}/other`,
      }),
    ),
  )
  await receiver.until((requests) => requests.length === 10)
  const sequencesOf = (runId: string, path: string) =>
    receiver.requests
      .filter((request) => request.path === path)
      .map(({ body }) => JSON.parse(body))
      .filter(({ kickoff_id }) => kickoff_id === runId)
      .map(({ sequence }) => sequence)

  for (const runId of runs) {
    expect(sequencesOf(runId, '/one')).toEqual([1, 2, 3, 4])
    expect(sequencesOf(runId, '/other')).toEqual([1])
  }
})

test('a receiver that asks to be left alone for 3,000 years is asked again within a day or so', async () => {
  await using receiver = await startReceiver({
    answers: () => ({ status: 429, headers: { 'retry-after': '99999999999' } }),
  })
  const server = await startTestServer({ env })
  await server.kickoff({ inputs, crewWebhookUrl: receiver.url })
  await receiver.next()
  await server.close()

  const database = await openDatabase(`sqlite:${server.directory}/data/coxswain.db`)
  const [delivery] = await database.db.selectFrom('deliveries').selectAll().execute()
  await database.close()
  await server[Symbol.asyncDispose]()
  expect(delivery).toMatchObject({ status: 'pending', attempts: 1, lastStatusCode: 429 })
  expect(delivery?.nextAttemptAt).toBeLessThanOrEqual(Date.now() + 1.2 * DAY_MS)
})
