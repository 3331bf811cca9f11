import { expect, test } from 'vitest'
import { steadyNow } from '../../src/webhooks/clock.ts'
import { openOutbox } from './open-outbox.ts'
import { eventually, receive, startSender } from './start-sender.ts'

const bodies = Array.from({ length: 20 }, (_, index) => String(index))
/** Deterministic, and about one in three. */
const isUnlucky = (index: number) => (index * 7919) % 10 < 3

test('with a strict order messages arrive in order although a third of the attempts fail', async () => {
  await using receiver = await receive({
    answers: (_, index) => (isUnlucky(index) ? { status: 500 } : {}),
  })
  await using outbox = await openOutbox('sqlite::memory:', 'strict')
  const runs = await Promise.all(Array.from({ length: 5 }, () => outbox.startRun()))
  for (const runId of runs)
    await outbox.put(runId, ...bodies.map((body) => ({ url: `${receiver.url}/${runId}`, body })))
  await using _sender = startSender(outbox)
  await eventually(async () => {
    const deliveries = (await Promise.all(runs.map(outbox.list))).flat()
    expect(deliveries.every(({ status }) => status === 'delivered')).toBe(true)
  })

  expect(receiver.requests.length).toBeGreaterThan(120)
  for (const runId of runs) {
    const attempts = receiver.requests.filter(({ path }) => path === `/${runId}`)
    const firsts = attempts.map(({ body }) => Number(body))
    // Each attempt is at the message before, or at the next one: none is begun early.
    expect(firsts.toSorted((a, b) => a - b)).toEqual(firsts)
  }
})

test('without a strict order one message that is refused keeps none back', async () => {
  await using receiver = await receive({
    answers: ({ body }) => (body === '0' ? { status: 500 } : {}),
  })
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, ...bodies.map((body) => ({ url: receiver.url, body })))
  await using _sender = startSender(outbox, { scheduleMs: [3_600_000] })
  await receiver.until((requests) => requests.length === bodies.length)

  expect(receiver.requests.map(({ body }) => body)).toEqual(bodies)
})

test('with a strict order a message waits for one that fails, and goes on when that is given up', async () => {
  await using receiver = await receive({
    answers: ({ body }) => (body === '0' ? { status: 500 } : {}),
  })
  await using outbox = await openOutbox('sqlite::memory:', 'strict')
  const [runId, other] = [await outbox.startRun(), await outbox.startRun()]
  await outbox.put(runId, ...['0', '1', '2'].map((body) => ({ url: receiver.url, body })))
  await outbox.put(other, { url: receiver.url, body: 'of another run' })
  await using _sender = startSender(outbox, { scheduleMs: [1, 1] })
  await receiver.until((requests) => requests.length === 6)

  const ofRun = receiver.requests.map(({ body }) => body).filter((body) => body.length === 1)
  expect(ofRun).toEqual(['0', '0', '0', '1', '2'])
  await eventually(async () =>
    expect((await outbox.list(runId)).map(({ status }) => status)).toEqual([
      'failed',
      'delivered',
      'delivered',
    ]),
  )
})

test('messages that were queued before the order became strict are sent in order, too', async () => {
  await using receiver = await receive({
    answers: ({ body }) => (body === '0' ? { status: 500 } : {}),
  })
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, ...['0', '1'].map((body) => ({ url: receiver.url, body })))
  {
    await using _relaxed = startSender(outbox, { scheduleMs: [3_600_000] })
    await eventually(async () =>
      expect(await outbox.list(runId)).toMatchObject([{ attempts: 1 }, { status: 'delivered' }]),
    )
  }
  await outbox.put(runId, ...['2', '3'].map((body) => ({ url: receiver.url, body })))
  await outbox.database.db
    .updateTable('deliveries')
    .set({ nextAttemptAt: steadyNow() + 100 })
    .where('sequence', '=', 1)
    .execute()
  await using _strict = startSender(outbox, { order: 'strict', scheduleMs: [1, 1, 1] })
  await receiver.until((requests) => requests.length === 7)

  expect(receiver.requests.map(({ body }) => body)).toEqual(['0', '1', '0', '0', '0', '2', '3'])
})
