import { expect, test } from 'vitest'
import { steadyNow } from '../../src/webhooks/clock.ts'
import type { Endpoint } from '../../src/webhooks/endpoint.ts'
import { findEndpoint } from '../../src/webhooks/store/endpoints.ts'
import { tidy } from '../../src/webhooks/store/tidy.ts'
import { type Outbox, openOutbox } from './open-outbox.ts'
import { eventually, receive, startSender } from './start-sender.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Makes it so that all attempts of the last days have failed. */
async function failFor(outbox: Outbox, url: string, days: number): Promise<void> {
  await outbox.database.db
    .updateTable('endpoints')
    .set({ failures: 100, failingSince: steadyNow() - days * DAY_MS })
    .where('id', '=', outbox.endpointOf(url))
    .execute()
}

test('a receiver that fails for five days is disabled: what has waited for it is given up and kept', async () => {
  await using receiver = await receive({ answers: () => ({ status: 500 }) })
  await using outbox = await openOutbox()
  const now = steadyNow()
  const [old, recent] = [await outbox.startRun(), await outbox.startRun()]
  const oldMessages = Array.from({ length: 250 }, (_, index) => ({
    url: receiver.url,
    now: now - 2 * HOUR_MS,
    body: String(index),
  }))
  await outbox.put(old, ...oldMessages)
  await outbox.put(recent, { url: receiver.url, now })
  await failFor(outbox, receiver.url, 5)
  await using sender = startSender(outbox, { scheduleMs: Array(20).fill(HOUR_MS) })
  await eventually(async () =>
    expect((await outbox.list(old)).every(({ status }) => status === 'failed')).toBe(true),
  )

  const [, second] = await outbox.list(old)
  expect(second?.lastError).toMatch(/^Its receiver is disabled: 101 attempts in a row have failed/)
  expect(await outbox.list(recent)).toMatchObject([{ status: 'pending' }])
  expect(await findEndpoint(outbox.database.db, outbox.endpointOf(receiver.url))).toMatchObject({
    disabledReason: '101 attempts in a row have failed, for 5 days.',
  })
  expect(sender.lines.join()).toContain('webhook receiver disabled')
  expect(sender.lines.join()).not.toContain(`${receiver.url}/`)
})

test('a disabled receiver is asked when there is something new for it, and is well once it takes that', async () => {
  await using receiver = await receive({ answers: [{ status: 410 }] })
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: receiver.url })
  await using sender = startSender(outbox)
  await eventually(async () =>
    expect(await outbox.list(runId)).toMatchObject([{ status: 'failed' }]),
  )
  const id = outbox.endpointOf(receiver.url)
  expect((await findEndpoint(outbox.database.db, id))?.disabledAt).toBeGreaterThan(0)
  const next = await outbox.startRun()
  sender.wake(await outbox.put(next, { url: receiver.url }))
  await eventually(async () =>
    expect(await outbox.list(next)).toMatchObject([{ status: 'delivered' }]),
  )

  expect(await findEndpoint(outbox.database.db, id)).toMatchObject({
    disabledAt: null,
    failures: 0,
  })
  expect(sender.lines.join()).toContain('no longer disabled')
})

test('a receiver that stays disabled gets a new message for an hour, not once', async () => {
  await using receiver = await receive({ answers: () => ({ status: 500 }) })
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: receiver.url })
  await failFor(outbox, receiver.url, 9)
  await using _sender = startSender(outbox, { scheduleMs: [1, 1, 1, 1, 1, 9 * HOUR_MS] })
  await receiver.until((requests) => requests.length === 6)
  await eventually(async () => expect(await outbox.list(runId)).toMatchObject([{ attempts: 6 }]))
  const [delivery] = await outbox.list(runId)

  expect(delivery?.status).toBe('pending')
  expect(delivery?.nextAttemptAt).toBeLessThanOrEqual(steadyNow() + HOUR_MS)
})

test('what a receiver has missed while it was down is sent at once when it is back', async () => {
  await using receiver = await receive({ answers: ['close', 'close', 'close'] })
  await using outbox = await openOutbox()
  const runs = await Promise.all(Array.from({ length: 4 }, () => outbox.startRun()))
  for (const runId of runs) await outbox.put(runId, { url: receiver.url })
  await using _sender = startSender(outbox, { scheduleMs: Array(5).fill(HOUR_MS) })
  await receiver.until((requests) => requests.length === 7)

  await eventually(async () => {
    const deliveries = (await Promise.all(runs.map(outbox.list))).flat()
    expect(deliveries.map(({ status }) => status)).toEqual(Array(4).fill('delivered'))
  })
})

test('what nothing was sent to for long is forgotten, also when much of it is', async () => {
  await using outbox = await openOutbox()
  const now = steadyNow()
  const put = async (path: string, fields: Partial<Endpoint>) => {
    const url = `http://127.0.0.1:9/${path}`
    await outbox.put(await outbox.startRun(), { url, now: now + HOUR_MS })
    const change = { dueAt: null, ...fields }
    const { db } = outbox.database
    await db.updateTable('endpoints').set(change).where('id', '=', outbox.endpointOf(url)).execute()
  }
  for (let index = 0; index < 600; index += 1)
    await put(`once/${index}`, { deliveredAt: now - 25 * HOUR_MS })
  await put('never', {})
  await put('well', { deliveredAt: now - 23 * HOUR_MS })
  await put('dead', { failures: 9, pausedUntil: now - 31 * DAY_MS })
  await put('failing', { failures: 8, pausedUntil: now - 29 * DAY_MS })
  await put('waiting', { deliveredAt: now - 25 * HOUR_MS, dueAt: now + HOUR_MS })
  await tidy(outbox, { now, isFirst: false })

  const left = await outbox.database.db.selectFrom('endpoints').select('id').execute()
  const kept = ['well', 'failing', 'waiting'].map((path) =>
    outbox.endpointOf(`http://127.0.0.1:9/${path}`),
  )
  expect(left.map(({ id }) => id).toSorted()).toEqual(kept.toSorted())
})

test('what a wrong clock has put off for years is sent at the next start', async () => {
  await using receiver = await receive()
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: receiver.url, now: steadyNow() + 365 * DAY_MS })
  await using _sender = startSender(outbox)

  await receiver.next()
})

test('an endpoint whose messages were deleted is not looked at again and again', async () => {
  await using outbox = await openOutbox()
  await outbox.put(await outbox.startRun(), { url: 'http://127.0.0.1:9/' })
  await outbox.database.db.deleteFrom('deliveries').execute()
  await using _sender = startSender(outbox)

  await eventually(async () =>
    expect(await outbox.database.db.selectFrom('endpoints').selectAll().execute()).toMatchObject([
      { dueAt: null },
    ]),
  )
})

test('what waits and is not known to is found at the next start', async () => {
  await using receiver = await receive()
  await using outbox = await openOutbox()
  const runs = [await outbox.startRun(), await outbox.startRun()]
  for (const runId of runs)
    await outbox.put(runId, ...['0', '1', '2'].map((body) => ({ url: receiver.url, body })))
  const { db } = outbox.database
  await db.deleteFrom('endpoints').execute()
  // A hand that tidies up may take the first of a line.
  await db
    .deleteFrom('deliveries')
    .where('runId', '=', runs[0] ?? '')
    .where('sequence', '=', 1)
    .execute()
  await using _sender = startSender(outbox)
  await receiver.until((requests) => requests.length === 5)

  expect(receiver.requests.map(({ body }) => body).toSorted()).toEqual(['0', '1', '1', '2', '2'])
})
