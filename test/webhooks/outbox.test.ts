import { expect, test } from 'vitest'
import { enqueue } from '../../src/webhooks/outbox.ts'
import { findDelivery, findNextDueAt, listDue, recordAttempt } from '../../src/webhooks/store.ts'
import { openOutbox } from './open-outbox.ts'

const URL_A = 'https://a.example/hook'
const all = { now: 10_000, limit: 100, busy: [], fullOrigins: [] }

test('a queued message is pending, due at once and whole', async () => {
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  const authentication = { strategy: 'basic', username: 'a', password: 'b' } as const
  await outbox.put(runId, { url: URL_A, body: '{"ü":1}', authentication, now: 5000 })
  const [delivery] = await outbox.list(runId)
  expect(delivery).toEqual({
    id: expect.stringMatching(/^msg_[0-9a-f]{32}$/),
    runId,
    kind: 'task',
    webhook: { url: URL_A, authentication },
    body: '{"ü":1}',
    status: 'pending',
    attempts: 0,
    nextAttemptAt: 5000,
    lastStatusCode: null,
    lastError: null,
    createdAt: 5000,
  })
  expect(await findDelivery(outbox.database.db, delivery?.id ?? '')).toEqual(delivery)
})

test('a commit that fails queues nothing', async () => {
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  const draft = {
    runId,
    kind: 'crew',
    webhook: { url: URL_A, authentication: null },
    body: '{}',
  } as const
  const failed = outbox.database.commit(async (tx) => {
    await enqueue(tx, [draft], 5000)
    throw new Error('the event could not be recorded')
  })
  await expect(failed).rejects.toThrow('the event could not be recorded')
  expect(await outbox.list(runId)).toEqual([])
})

test('messages come in the order they were queued, also those of the same ms', async () => {
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  const bodies = Array.from({ length: 50 }, (_, index) => String(index))
  const webhook = { url: URL_A, authentication: null }
  const drafts = bodies.map((body) => ({ runId, kind: 'step', webhook, body }) as const)
  await outbox.database.commit((tx) => enqueue(tx, drafts.slice(0, 25), 5000))
  await outbox.database.commit((tx) => enqueue(tx, drafts.slice(25), 5000))

  expect((await outbox.list(runId)).map(({ body }) => body)).toEqual(bodies)
  const due = await listDue(outbox.database.db, all)
  expect(due.map(({ id }) => id)).toEqual((await outbox.list(runId)).map(({ id }) => id))
})

test('a message is due once its time has come, the longest waiting first', async () => {
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(
    runId,
    { url: URL_A, now: 10_001 },
    { url: URL_A, now: 10_000 },
    { url: URL_A, now: 1 },
  )
  const { db } = outbox.database
  const [later, now, earlier] = await outbox.list(runId).then((list) => [...list].reverse())
  expect((await listDue(db, all)).map(({ id }) => id)).toEqual([earlier?.id, now?.id])
  expect(await listDue(db, { ...all, limit: 1 })).toHaveLength(1)
  expect(await findNextDueAt(db, 10_000)).toBe(10_001)
  expect(await findNextDueAt(db, 10_001)).toBeNull()
  expect(later?.nextAttemptAt).toBe(10_001)
})

test('busy runs and full origins are left out, and only they', async () => {
  await using outbox = await openOutbox()
  const [first, second] = [await outbox.startRun(), await outbox.startRun()]
  const urls = [
    URL_A,
    'https://a.example:8443/hook',
    'https://a.example.org/hook',
    'HTTPS://A.EXAMPLE',
  ]
  for (const runId of [first, second])
    await outbox.put(runId, ...urls.map((url) => ({ url, now: 1 })))
  const { db } = outbox.database
  const listed = async (filter: Partial<typeof all>) =>
    (await listDue(db, { ...all, ...filter })).map(
      ({ runId, url }) => `${runId === first ? 1 : 2} ${url}`,
    )

  const busy = await listDue(db, { ...all, limit: 1 })
  const withoutBusy = await listDue(db, { ...all, busy })
  expect(withoutBusy).toHaveLength(7)
  expect(withoutBusy).toContainEqual(expect.objectContaining({ runId: second, url: URL_A }))
  expect(await listed({ fullOrigins: ['https://a.example'] as never[] })).toEqual([
    '1 https://a.example:8443/hook',
    '1 https://a.example.org/hook',
    '2 https://a.example:8443/hook',
    '2 https://a.example.org/hook',
  ])
})

test('a message that is delivered or given up is never due again', async () => {
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: URL_A, now: 1 }, { url: URL_A, now: 2 })
  const { database } = outbox
  for (const [index, { id }] of (await outbox.list(runId)).entries()) {
    const status = index === 0 ? 'delivered' : 'failed'
    const change = {
      status,
      attempts: 1,
      nextAttemptAt: 1,
      lastStatusCode: 200,
      lastError: null,
    } as const
    await database.commit((tx) => recordAttempt(tx, id, change))
  }
  expect(await listDue(database.db, all)).toEqual([])
  expect(await findNextDueAt(database.db, 0)).toBeNull()
  expect((await outbox.list(runId)).map(({ status, attempts }) => [status, attempts])).toEqual([
    ['delivered', 1],
    ['failed', 1],
  ])
})
