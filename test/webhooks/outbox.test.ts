import { expect, test } from 'vitest'
import { enqueue } from '../../src/webhooks/outbox.ts'
import {
  findDelivery,
  listDue,
  listWaitingOrigins,
  recordAttempt,
} from '../../src/webhooks/store.ts'
import { openOutbox } from './open-outbox.ts'

const ORIGIN_A = 'https://a.example'
const URL_A = `${ORIGIN_A}/hook`
const atA = { origin: ORIGIN_A, now: 10_000, limit: 100, busy: [] }

test('a queued message is pending, due at once and whole', async () => {
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  const authentication = { strategy: 'basic', username: 'a', password: 'b' } as const
  await outbox.put(runId, { url: URL_A, body: '{"ü":1}', authentication, now: 5000 })
  const [delivery] = await outbox.list(runId)
  expect(delivery).toEqual({
    id: expect.stringMatching(/^msg_[0-9a-f]{32}$/),
    runId,
    seq: 1,
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
    seq: 1,
    kind: 'crew',
    webhook: { url: URL_A, authentication: null },
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
  const seqs = Array.from({ length: 50 }, (_, index) => index + 1)
  const webhook = { url: URL_A, authentication: null }
  const drafts = seqs.map((seq) => ({ runId, seq, kind: 'step', webhook }) as const)
  await outbox.database.commit((tx) => enqueue(tx, drafts.slice(0, 25), 5000))
  await outbox.database.commit((tx) => enqueue(tx, drafts.slice(25), 5000))

  expect((await outbox.list(runId)).map(({ seq }) => seq)).toEqual(seqs)
  const due = await listDue(outbox.database.db, atA)
  expect(due.map(({ id }) => id)).toEqual((await outbox.list(runId)).map(({ id }) => id))
})

test('a message is due once its time has come, the longest waiting first', async () => {
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  const { db } = outbox.database
  await outbox.put(runId, { url: URL_A, body: 'later', now: 10_001 })
  await outbox.put(runId, { url: URL_A, body: 'now', now: 10_000 })
  await outbox.put(runId, { url: URL_A, body: 'earlier', now: 1 })
  const bodyOf = new Map((await outbox.list(runId)).map(({ id, body }) => [id, body]))

  const due = await listDue(db, atA)
  expect(due.map(({ id }) => bodyOf.get(id))).toEqual(['earlier', 'now'])
  expect(await listDue(db, { ...atA, limit: 1 })).toHaveLength(1)
})

test('a message is not due while its URL is told of its run, and only then', async () => {
  await using outbox = await openOutbox()
  const [first, second] = [await outbox.startRun(), await outbox.startRun()]
  for (const runId of [first, second])
    await outbox.put(
      runId,
      ...['/1', '/1', '/2'].map((path) => ({ url: `${ORIGIN_A}${path}`, now: 1 })),
    )
  const { db } = outbox.database
  const busy = await listDue(db, { ...atA, limit: 1 })
  expect(await listDue(db, { ...atA, busy })).toMatchObject([
    { runId: first, url: `${ORIGIN_A}/2` },
    { runId: second, url: `${ORIGIN_A}/1` },
    { runId: second, url: `${ORIGIN_A}/1` },
    { runId: second, url: `${ORIGIN_A}/2` },
  ])
})

test('each origin that messages wait for is listed once, the longest waiting first', async () => {
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  const messages = [
    { url: 'https://b.example/1', now: 3 },
    { url: 'https://b.example:8443/1', now: 5 },
    { url: 'https://b.example/2', now: 4 },
    { url: 'HTTPS://A.EXAMPLE', now: 4 },
    { url: 'https://a.example/?query', now: 9 },
    { url: 'https://a.example.org/', now: 1 },
  ]
  await outbox.put(runId, ...messages)
  const { db } = outbox.database
  expect(await listWaitingOrigins(db)).toEqual([
    { origin: 'https://a.example.org', dueAt: 1 },
    { origin: 'https://b.example', dueAt: 3 },
    { origin: ORIGIN_A, dueAt: 4 },
    { origin: 'https://b.example:8443', dueAt: 5 },
  ])
  expect(await listDue(db, atA)).toMatchObject([
    { url: 'HTTPS://A.EXAMPLE' },
    { url: `${ORIGIN_A}/?query` },
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
  expect(await listDue(database.db, atA)).toEqual([])
  expect(await listWaitingOrigins(database.db)).toEqual([])
  expect((await outbox.list(runId)).map(({ status, attempts }) => [status, attempts])).toEqual([
    ['delivered', 1],
    ['failed', 1],
  ])
})
