import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { createOutboundClient } from '../../src/net/client.ts'
import { createGuard } from '../../src/net/guard.ts'
import { createSender } from '../../src/webhooks/sender.ts'
import { type Receiver, type ReceiverOptions, startReceiver } from '../harness/receiver.ts'
import { temporaryDirectory } from '../harness/temporary-directory.ts'
import { openOutbox } from './open-outbox.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const MINUTE_MS = 60_000

interface SenderSetup {
  readonly scheduleMs?: readonly number[]
  readonly allowedHosts?: readonly string[]
}

/** Retries at once, unless told otherwise. Stops without grace when disposed. */
function startSender(database: Database, setup: SenderSetup = {}) {
  const { scheduleMs = Array(20).fill(1), allowedHosts = ['127.0.0.1'] } = setup
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line) => lines.push(line) })
  const client = createOutboundClient({ guard: createGuard(allowedHosts) })
  const sender = createSender({ database, client, secrets: [SECRET], log, scheduleMs })
  sender.start()
  return {
    ...sender,
    lines,
    async [Symbol.asyncDispose]() {
      await sender.stop(0)
      await client.close()
    },
  }
}

const receive = (options: ReceiverOptions = {}): Promise<Receiver> =>
  startReceiver({ secrets: [SECRET], ...options })

async function closedPort(): Promise<number> {
  await using receiver = await receive()
  return receiver.port
}

/** Asks again and again until it is so. */
function eventually(expectation: () => Promise<unknown> | unknown): Promise<unknown> {
  return vi.waitFor(expectation, { timeout: 20_000, interval: 5 })
}

test('a message is posted as JSON, signed, and recorded as delivered', async () => {
  await using receiver = await receive()
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await using sender = startSender(outbox.database)
  await outbox.put(runId, { url: `${receiver.url}/hook?a=1`, body: '{"text":"grüße 👋"}' })
  sender.wake()

  const request = await receiver.next()
  const [delivery] = await outbox.list(runId)
  expect(request).toMatchObject({
    method: 'POST',
    path: '/hook?a=1',
    body: '{"text":"grüße 👋"}',
    isVerified: true,
    headers: { 'content-type': 'application/json', 'webhook-id': delivery?.id },
  })
  expect(request.headers.authorization).toBeUndefined()
  await eventually(async () =>
    expect(await outbox.list(runId)).toMatchObject([
      { status: 'delivered', attempts: 1, lastStatusCode: 200, lastError: null },
    ]),
  )
})

test.each([
  [{ strategy: 'bearer', token: 's3cret-token' } as const, 'Bearer s3cret-token'],
  [
    { strategy: 'basic', username: 'ann', password: 's3cret-wörd' } as const,
    `Basic ${Buffer.from('ann:s3cret-wörd').toString('base64')}`,
  ],
])(
  'the authentication of a webhook is sent and never logged: %o',
  async (authentication, expected) => {
    await using receiver = await receive({ answers: [{ status: 500 }, 'close'] })
    await using outbox = await openOutbox()
    const runId = await outbox.startRun()
    await outbox.put(runId, { url: `${receiver.url}/s3cret-path?s3cret`, authentication })
    await using sender = startSender(outbox.database)
    await receiver.until((requests) => requests.length === 3)
    await eventually(async () =>
      expect(await outbox.list(runId)).toMatchObject([{ status: 'delivered' }]),
    )

    expect(receiver.requests.map(({ headers }) => headers.authorization)).toEqual(
      Array(3).fill(expected),
    )
    expect(sender.lines).toHaveLength(3)
    expect(sender.lines.join()).not.toMatch(/s3cret|whsec|YW5u/)
    expect(
      JSON.stringify((await outbox.list(runId)).map(({ lastError }) => lastError)),
    ).not.toContain('s3cret')
  },
)

test('a receiver that is down and comes back gets every message, each with its own id and bytes', async () => {
  await using outbox = await openOutbox()
  const port = await closedPort()
  const runs = await Promise.all(Array.from({ length: 10 }, () => outbox.startRun()))
  for (const runId of runs)
    await outbox.put(runId, { url: `http://127.0.0.1:${port}/`, body: JSON.stringify({ runId }) })
  await using _sender = startSender(outbox.database, { scheduleMs: Array(1000).fill(50) })
  await eventually(async () => {
    const deliveries = (await Promise.all(runs.map(outbox.list))).flat()
    expect(deliveries.every(({ attempts }) => attempts > 0)).toBe(true)
    expect(deliveries[0]).toMatchObject({
      status: 'pending',
      lastStatusCode: null,
      lastError: `127.0.0.1:${port} refused the connection.`,
    })
  })

  await using receiver = await receive({ port })
  await receiver.until((requests) => requests.length === 10)
  expect(receiver.requests.every(({ isVerified }) => isVerified)).toBe(true)
  const bodies = receiver.requests.map(({ body }) => JSON.parse(body).runId)
  expect(bodies.toSorted()).toEqual(runs.toSorted())
})

test('every attempt at a message carries the same id and bytes and a signature of its own', async () => {
  await using receiver = await receive({
    answers: [
      { status: 500 },
      { status: 404 },
      'close',
      { status: 302, headers: { location: '/' } },
    ],
  })
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: receiver.url, body: '{"a":"\u2028"}' })
  await using _sender = startSender(outbox.database)
  await receiver.until((requests) => requests.length === 5)
  expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect(new Set(receiver.requests.map(({ body }) => body)).size).toBe(1)
  expect(receiver.requests.every(({ isVerified }) => isVerified)).toBe(true)
})

test.each([
  [{ status: 199 + 1 }, 'delivered', null],
  [{ status: 204 }, 'delivered', null],
  [{ status: 299 }, 'delivered', null],
  ['endless', 'delivered', null],
  ['cut', 'delivered', null],
  [{ status: 300 }, 'failed', /answered 300, and redirects are not followed\.$/],
  [{ status: 308, headers: { location: '/' } }, 'failed', /answered 308, and redirects/],
  [{ status: 400 }, 'failed', /^127\.0\.0\.1:\d+ answered 400\.$/],
  [{ status: 429 }, 'failed', /answered 429\.$/],
  [{ status: 502 }, 'failed', /answered 502\.$/],
  ['close', 'failed', /closed the connection without an answer\.$/],
] as const)('an answer of %o ends the last attempt as %s', async (answer, status, error) => {
  await using receiver = await receive({ answers: [answer] })
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: receiver.url })
  await using _sender = startSender(outbox.database, { scheduleMs: [] })
  await eventually(async () => {
    const [delivery] = await outbox.list(runId)
    expect(delivery).toMatchObject({ status, attempts: 1 })
    if (error === null) expect(delivery?.lastError).toBeNull()
    else expect(delivery?.lastError).toMatch(error)
  })
})

test('a receiver that is gone for good is asked once', async () => {
  await using receiver = await receive({ answers: [{ status: 410 }] })
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: receiver.url })
  await using sender = startSender(outbox.database)
  await eventually(async () =>
    expect(await outbox.list(runId)).toMatchObject([
      { status: 'failed', attempts: 1, lastStatusCode: 410 },
    ]),
  )
  expect(sender.lines.join()).toContain('webhook failed for good')
})

test('Retry-After puts the next attempt off', async () => {
  await using receiver = await receive({
    answers: [{ status: 429, headers: { 'retry-after': '3600' } }],
  })
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: receiver.url })
  const startedAt = Date.now()
  await using _sender = startSender(outbox.database)
  await eventually(async () => expect(await outbox.list(runId)).toMatchObject([{ attempts: 1 }]))
  const [delivery] = await outbox.list(runId)
  expect(delivery?.status).toBe('pending')
  expect(delivery?.nextAttemptAt).toBeGreaterThanOrEqual(startedAt + 60 * MINUTE_MS)
  expect(delivery?.nextAttemptAt).toBeLessThanOrEqual(Date.now() + 60 * MINUTE_MS)
})

test('an address that is not public is refused when it is sent, not connected to', async () => {
  await using receiver = await receive()
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: receiver.url })
  await using _sender = startSender(outbox.database, { allowedHosts: [], scheduleMs: [] })
  await eventually(async () =>
    expect(await outbox.list(runId)).toMatchObject([{ status: 'failed' }]),
  )
  expect((await outbox.list(runId))[0]?.lastError).toMatch(/^The URL must name a public host/)
  expect(receiver.connections.opened).toBe(0)
})

test('messages of one run to one URL arrive in the order they were queued', async () => {
  await using receiver = await receive()
  await using outbox = await openOutbox()
  const runs = [await outbox.startRun(), await outbox.startRun()]
  const bodies = Array.from({ length: 30 }, (_, index) => String(index))
  for (const runId of runs)
    await outbox.put(runId, ...bodies.map((body) => ({ url: `${receiver.url}/${runId}`, body })))
  await using _sender = startSender(outbox.database)
  await receiver.until((requests) => requests.length === 60)
  for (const runId of runs) {
    const received = receiver.requests.filter(({ path }) => path === `/${runId}`)
    expect(received.map(({ body }) => body)).toEqual(bodies)
  }
})

test('receivers that hang are asked four at a time and do not delay the others', async () => {
  await using dead = await receive({ answers: () => 'hang' })
  await using alive = await receive()
  await using outbox = await openOutbox()
  const runs = await Promise.all(Array.from({ length: 100 }, () => outbox.startRun()))
  for (const runId of runs) await outbox.put(runId, { url: `${dead.url}/${runId}` })
  for (const runId of runs) await outbox.put(runId, { url: alive.url })
  await using _sender = startSender(outbox.database)
  await alive.until((requests) => requests.length === 100)
  await dead.until((requests) => requests.length === 4)
  expect(dead.connections.opened).toBe(4)
})

test('a new sender takes up what an old one left, with the same id and bytes', async () => {
  using directory = temporaryDirectory()
  const url = `sqlite:${directory.path}/test.db`
  await using receiver = await receive({ answers: ['hang'] })
  let runId: string
  {
    await using outbox = await openOutbox(url)
    runId = await outbox.startRun()
    const [first, second] = ['{"n":1}', '{"n":2}'].map((body) => ({ url: receiver.url, body }))
    if (first && second) await outbox.put(runId, first, second)
    await using sender = startSender(outbox.database)
    await receiver.next()
    await sender.stop(0)
    expect(await outbox.list(runId)).toMatchObject([
      { status: 'pending', attempts: 0, lastError: null },
      { status: 'pending', attempts: 0, lastError: null },
    ])
  }
  await using outbox = await openOutbox(url)
  await using _sender = startSender(outbox.database)
  await receiver.until((requests) => requests.length === 3)
  expect(receiver.requests.map(({ body }) => body)).toEqual(['{"n":1}', '{"n":1}', '{"n":2}'])
  const [id, sameId, otherId] = receiver.requests.map(({ headers }) => headers['webhook-id'])
  expect(sameId).toBe(id)
  expect(otherId).not.toBe(id)
  await eventually(async () =>
    expect(await outbox.list(runId)).toMatchObject([
      { status: 'delivered' },
      { status: 'delivered' },
    ]),
  )
})

test('an attempt in flight may end within the grace of a stop, and no other begins', async () => {
  const answered = Promise.withResolvers<void>()
  await using receiver = await receive({ answers: [{ after: answered.promise }] })
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: receiver.url }, { url: receiver.url })
  await using sender = startSender(outbox.database)
  await receiver.next()
  const stopped = sender.stop(MINUTE_MS)
  sender.wake()
  answered.resolve()
  await stopped
  expect(await outbox.list(runId)).toMatchObject([
    { status: 'delivered', attempts: 1 },
    { status: 'pending', attempts: 0 },
  ])
  expect(receiver.requests).toHaveLength(1)
})

test('a sender that is stopped while it looks for messages begins none of them', async () => {
  await using receiver = await receive()
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: receiver.url })
  await using stopped = startSender(outbox.database)
  await stopped.stop(MINUTE_MS)
  await using _sender = startSender(outbox.database)
  await eventually(async () =>
    expect(await outbox.list(runId)).toMatchObject([{ status: 'delivered', attempts: 1 }]),
  )
  expect(receiver.requests).toHaveLength(1)
})

test('a sender wakes by itself when a message becomes due', async () => {
  await using receiver = await receive()
  await using outbox = await openOutbox()
  await outbox.put(await outbox.startRun(), { url: receiver.url, now: Date.now() + 200 })
  await using _sender = startSender(outbox.database)
  const dueAt = Date.now() + 100
  await receiver.next()
  expect(Date.now()).toBeGreaterThan(dueAt)
})

test('an attempt that cannot be recorded is not made twice', async () => {
  await using receiver = await receive()
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: receiver.url })
  let commits = 0
  const commit: Database['commit'] = (change) =>
    commits++ === 0 ? Promise.reject(new Error('disk full')) : outbox.database.commit(change)
  await using sender = startSender({ ...outbox.database, commit })
  await eventually(async () =>
    expect(await outbox.list(runId)).toMatchObject([{ status: 'delivered' }]),
  )
  expect(receiver.requests).toHaveLength(1)
  expect(sender.lines.join()).toContain('disk full')
})
