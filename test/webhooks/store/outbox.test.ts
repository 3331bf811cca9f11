import { expect, test } from 'vitest'
import {
  findDelivery,
  listDue,
  passTurn,
  recordAttempt,
} from '../../../src/webhooks/store/deliveries.ts'
import { findEndpoint, listDueEndpoints } from '../../../src/webhooks/store/endpoints.ts'
import { enqueue } from '../../../src/webhooks/store/outbox.ts'
import { openOutbox } from '../open-outbox.ts'

const URL_A = 'https://a.example/hook'
const URL_B = 'https://b.example:8443/hook?key=s3cret'

test('a queued message is pending, due at once, and has neither a body nor a readable address', async () => {
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  const authentication = { strategy: 'basic', username: 'a', password: 'b' } as const
  await outbox.put(runId, { url: URL_B, authentication, now: 5000 })
  const [delivery] = await outbox.list(runId)
  expect(delivery).toEqual({
    id: expect.stringMatching(/^msg_[0-9a-f]{32}$/),
    runId,
    seq: 1,
    kind: 'task',
    sequence: 1,
    origin: 'https://b.example:8443',
    endpoint: outbox.endpointOf(URL_B),
    address: expect.stringMatching(/^v1\./),
    body: null,
    status: 'pending',
    attempts: 0,
    nextAttemptAt: 5000,
    lastStatusCode: null,
    lastError: null,
    createdAt: 5000,
  })
  if (delivery === undefined) throw new Error('there should be one')
  expect(outbox.addresses.open(delivery)).toEqual({ url: URL_B, authentication })
  expect(await findDelivery(outbox.database.db, delivery.id)).toEqual(delivery)
})

test('an address opens for its own run and kind alone', async () => {
  await using outbox = await openOutbox()
  const [runId, other] = [await outbox.startRun(), await outbox.startRun()]
  await outbox.put(runId, { url: URL_A })
  const [delivery] = await outbox.list(runId)
  if (delivery === undefined) throw new Error('there should be one')

  expect(() => outbox.addresses.open({ ...delivery, runId: other })).toThrow('moved from its place')
  expect(() => outbox.addresses.open({ ...delivery, kind: 'crew' })).toThrow('moved from its place')
})

test('a commit that fails queues nothing', async () => {
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  const { task } = outbox.addresses.seal(runId, { task: { url: URL_A, authentication: null } })
  if (!task) throw new Error('it was not sealed')
  const draft = { seq: 1, kind: 'task', webhook: task } as const
  const failed = outbox.database.commit(async (tx) => {
    await enqueue(tx, runId, [draft], { order: 'relaxed', now: 5000 })
    throw new Error('the event could not be recorded')
  })
  await expect(failed).rejects.toThrow('the event could not be recorded')
  expect(await outbox.list(runId)).toEqual([])
  expect(await findEndpoint(outbox.database.db, outbox.endpointOf(URL_A))).toBeUndefined()
})

test('messages are numbered from 1 for each run and URL, and one of each is due at a time', async () => {
  await using outbox = await openOutbox()
  const runs = [await outbox.startRun(), await outbox.startRun()]
  const other = `${URL_A}?other`
  const urls = [URL_A, other, URL_A, URL_A, other]
  for (const runId of runs) await outbox.put(runId, ...urls.map((url) => ({ url, now: 5000 })))

  for (const runId of runs)
    expect(
      (await outbox.list(runId)).map(({ endpoint, sequence, nextAttemptAt }) => [
        urls.find((url) => outbox.endpointOf(url) === endpoint),
        sequence,
        nextAttemptAt,
      ]),
    ).toEqual([
      [URL_A, 1, 5000],
      [other, 1, 5000],
      [URL_A, 2, null],
      [URL_A, 3, null],
      [other, 2, null],
    ])
})

test('two spellings of a URL are one', async () => {
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: 'HTTPS://A.example:443' }, { url: 'https://a.example/' })

  expect((await outbox.list(runId)).map(({ sequence }) => sequence)).toEqual([1, 2])
})

test('messages queued at once are numbered and due as if one after the other', async () => {
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  const { task } = outbox.addresses.seal(runId, { task: { url: URL_A, authentication: null } })
  if (!task) throw new Error('it was not sealed')
  const drafts = [1, 2, 3].map((seq) => ({ seq, kind: 'task', webhook: task }) as const)
  const due = await outbox.database.commit((tx) =>
    enqueue(tx, runId, drafts, { order: 'relaxed', now: 7 }),
  )

  expect(due).toEqual([outbox.endpointOf(URL_A)])
  expect(
    (await outbox.list(runId)).map(({ seq, sequence, nextAttemptAt }) => [
      seq,
      sequence,
      nextAttemptAt,
    ]),
  ).toEqual([
    [1, 1, 7],
    [2, 2, null],
    [3, 3, null],
  ])
})

test('a message that follows one that was tried is due at once, but not when the order is strict', async () => {
  for (const order of ['relaxed', 'strict'] as const) {
    await using outbox = await openOutbox('sqlite::memory:', order)
    const runId = await outbox.startRun()
    await outbox.put(runId, { url: URL_A })
    const [first] = await outbox.list(runId)
    if (first === undefined) throw new Error('there should be one')
    const change = {
      status: 'pending',
      attempts: 1,
      nextAttemptAt: 9_000_000_000_000,
      lastStatusCode: 500,
      lastError: 'no',
    } as const
    await outbox.database.commit((tx) => recordAttempt(tx, first, change))
    await outbox.put(runId, { url: URL_A, now: 5 })

    const second = (await outbox.list(runId)).find(({ sequence }) => sequence === 2)
    expect(second?.nextAttemptAt).toBe(order === 'strict' ? null : 5)
  }
})

test('the turn passes to the next message of the line, and to no other', async () => {
  await using outbox = await openOutbox()
  const [runId, other] = [await outbox.startRun(), await outbox.startRun()]
  await outbox.put(runId, ...[1, 2, 3].map((now) => ({ url: URL_A, now })))
  await outbox.put(other, ...[1, 2].map((now) => ({ url: URL_A, now })))
  const [first] = await outbox.list(runId)
  if (first === undefined) throw new Error('there should be one')
  await outbox.database.commit((tx) => passTurn(tx, first, 100))

  const turns = async (id: string) =>
    (await outbox.list(id)).map(({ nextAttemptAt }) => nextAttemptAt)
  expect(await turns(runId)).toEqual([1, 100, null])
  expect(await turns(other)).toEqual([1, null])
  // One that has had its turn is not called a second time.
  await outbox.database.commit((tx) => passTurn(tx, first, 200))
  expect(await turns(runId)).toEqual([1, 100, null])
})

test('messages of an endpoint are due in the order their time came', async () => {
  await using outbox = await openOutbox()
  const runs = await Promise.all([10_001, 10_000, 1].map(() => outbox.startRun()))
  for (const [index, now] of [10_001, 10_000, 1].entries())
    await outbox.put(runs[index] ?? '', { url: URL_A, now })
  await outbox.put(runs[0] ?? '', { url: URL_B, now: 1 })
  const { db } = outbox.database
  const due = (limit: number) =>
    listDue(db, { endpoint: outbox.endpointOf(URL_A), now: 10_000, limit })
  const runOf = async (id: string) => (await findDelivery(db, id))?.runId

  expect(await Promise.all((await due(100)).map(({ id }) => runOf(id)))).toEqual([runs[2], runs[1]])
  expect(await due(1)).toHaveLength(1)
})

test('endpoints with something due are listed once each, the longest waiting first, page by page', async () => {
  await using outbox = await openOutbox()
  const urls = ['c', 'a', 'b', 'later'].map((path) => `https://example.com/${path}`)
  for (const [index, url] of urls.entries())
    for (const now of [index + 1, index + 1])
      await outbox.put(await outbox.startRun(), { url, now: url.endsWith('later') ? 99 : now })
  const { db } = outbox.database
  const page = (dueAt: number, id: string) => listDueEndpoints(db, { dueAt, id, now: 50, limit: 2 })
  const first = await page(0, '')
  const last = first.at(-1)

  expect(first.map(({ id, dueAt }) => [id, dueAt])).toEqual([
    [outbox.endpointOf(urls[0] ?? ''), 1],
    [outbox.endpointOf(urls[1] ?? ''), 2],
  ])
  expect(await page(last?.dueAt ?? 0, last?.id ?? '')).toMatchObject([
    { id: outbox.endpointOf(urls[2] ?? ''), origin: 'https://example.com', failures: 0 },
  ])
})

test('a new message does not call an endpoint sooner that is left alone for now', async () => {
  await using outbox = await openOutbox()
  const id = outbox.endpointOf(URL_A)
  await outbox.put(await outbox.startRun(), { url: URL_A, now: 1 })
  await outbox.database.db
    .updateTable('endpoints')
    .set({ pausedUntil: 5000, dueAt: 9000 })
    .execute()
  await outbox.put(await outbox.startRun(), { url: URL_A, now: 100 })

  expect(await findEndpoint(outbox.database.db, id)).toMatchObject({ dueAt: 5000 })
})

test.each(['delivered', 'pending'] as const)(
  'an attempt that began before another one was recorded as %s changes nothing',
  async (status) => {
    await using outbox = await openOutbox()
    const runId = await outbox.startRun()
    await outbox.put(runId, { url: URL_A })
    const [stale] = await outbox.list(runId)
    if (stale === undefined) throw new Error('there should be one')
    const { commit } = outbox.database
    const change = { status, attempts: 1, nextAttemptAt: 7, lastStatusCode: 1, lastError: null }
    const late = { ...change, status: 'failed', nextAttemptAt: 9, lastStatusCode: 2 } as const

    expect(await commit((tx) => recordAttempt(tx, stale, change))).toBe(true)
    expect(await commit((tx) => recordAttempt(tx, stale, late))).toBe(false)
    expect(await outbox.list(runId)).toMatchObject([{ status, lastStatusCode: 1 }])
  },
)
