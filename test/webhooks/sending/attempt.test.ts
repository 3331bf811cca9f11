import { expect, test } from 'vitest'
import { openOutbox } from '../open-outbox.ts'
import { eventually, receive, startSender } from '../start-sender.ts'

const HOUR_MS = 3_600_000

test('a message is posted as JSON, signed, and recorded as delivered', async () => {
  await using receiver = await receive()
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await using sender = startSender(outbox)
  const url = `${receiver.url}/hook?a=1`
  sender.wake(await outbox.put(runId, { url, body: '{"text":"grüße 👋"}' }))

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
    await using sender = startSender(outbox)
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
  await using _sender = startSender(outbox)
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
  await using _sender = startSender(outbox, { scheduleMs: [] })
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
  await using sender = startSender(outbox)
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
  await using _sender = startSender(outbox)
  await eventually(async () => expect(await outbox.list(runId)).toMatchObject([{ attempts: 1 }]))
  const [delivery] = await outbox.list(runId)
  expect(delivery?.status).toBe('pending')
  expect(delivery?.nextAttemptAt).toBeGreaterThanOrEqual(startedAt + HOUR_MS)
  expect(delivery?.nextAttemptAt).toBeLessThanOrEqual(Date.now() + HOUR_MS)
})

test('an address that is not public is refused when it is sent, not connected to', async () => {
  await using receiver = await receive()
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: receiver.url })
  await using _sender = startSender(outbox, { allowedHosts: [], scheduleMs: [] })
  await eventually(async () =>
    expect(await outbox.list(runId)).toMatchObject([{ status: 'failed' }]),
  )
  expect((await outbox.list(runId))[0]?.lastError).toMatch(/^The URL must name a public host/)
  expect(receiver.connections.opened).toBe(0)
})
