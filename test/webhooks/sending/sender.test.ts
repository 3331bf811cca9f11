import type { KyselyPlugin } from 'kysely'
import { expect, test } from 'vitest'
import type { Database } from '../../../src/db/database.ts'
import { steadyNow } from '../../../src/webhooks/clock.ts'
import { temporaryDirectory } from '../../harness/temporary-directory.ts'
import { openOutbox } from '../open-outbox.ts'
import { eventually, receive, startSender } from '../start-sender.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

async function closedPort(): Promise<number> {
  await using receiver = await receive()
  return receiver.port
}

test('a receiver that is down and comes back gets every message, each with its own id and bytes', async () => {
  await using outbox = await openOutbox()
  const port = await closedPort()
  const runs = await Promise.all(Array.from({ length: 10 }, () => outbox.startRun()))
  for (const runId of runs)
    await outbox.put(runId, { url: `http://127.0.0.1:${port}/`, body: JSON.stringify({ runId }) })
  await using _sender = startSender(outbox, { scheduleMs: Array(1000).fill(50) })
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

test('messages of one run to one URL arrive in the order they were queued', async () => {
  await using receiver = await receive()
  await using outbox = await openOutbox()
  const runs = [await outbox.startRun(), await outbox.startRun()]
  const bodies = Array.from({ length: 30 }, (_, index) => String(index))
  for (const runId of runs)
    await outbox.put(runId, ...bodies.map((body) => ({ url: `${receiver.url}/${runId}`, body })))
  await using _sender = startSender(outbox)
  await receiver.until((requests) => requests.length === 60)
  for (const runId of runs) {
    const received = receiver.requests.filter(({ path }) => path === `/${runId}`)
    expect(received.map(({ body }) => body)).toEqual(bodies)
  }
})

test('a run with much to tell does not delay other runs at the same receiver', async () => {
  await using receiver = await receive({ answers: ({ path }) => (path === '/many' ? 'hang' : {}) })
  await using outbox = await openOutbox()
  const [many, one] = [await outbox.startRun(), await outbox.startRun()]
  await outbox.put(many, ...Array(10).fill({ url: `${receiver.url}/many` }))
  await outbox.put(one, { url: `${receiver.url}/one` })
  await using _sender = startSender(outbox)
  await receiver.until((requests) => requests.length === 2)
  expect(receiver.requests.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/many', '/one']),
  )
})

test('a receiver that hangs is asked sixteen times at most, however many URLs it has, and delays no other', async () => {
  await using dead = await receive({ answers: () => 'hang' })
  await using alive = await receive()
  await using outbox = await openOutbox()
  const runs = await Promise.all(Array.from({ length: 100 }, () => outbox.startRun()))
  for (const runId of runs) await outbox.put(runId, { url: `${dead.url}/${runId}` })
  for (const runId of runs) await outbox.put(runId, { url: alive.url })
  await using _sender = startSender(outbox)
  await alive.until((requests) => requests.length === 100)
  await dead.until((requests) => requests.length === 16)
  expect(dead.connections.opened).toBe(16)
})

test('a URL that hangs does not delay another one of the same origin', async () => {
  await using receiver = await receive({ answers: ({ path }) => (path === '/dead' ? 'hang' : {}) })
  await using outbox = await openOutbox()
  const runs = await Promise.all(Array.from({ length: 50 }, () => outbox.startRun()))
  for (const runId of runs) await outbox.put(runId, { url: `${receiver.url}/dead` })
  for (const runId of runs) await outbox.put(runId, { url: `${receiver.url}/alive` })
  await using _sender = startSender(outbox)
  await receiver.until((requests) => requests.length === 51)

  expect(receiver.requests.filter(({ path }) => path === '/alive')).toHaveLength(50)
})

test('only what is due is looked at, however much waits for later', async () => {
  await using receiver = await receive()
  await using outbox = await openOutbox()
  const later = steadyNow() + HOUR_MS
  for (let index = 0; index < 300; index += 1)
    await outbox.put(await outbox.startRun(), {
      url: `http://127.0.0.1:${1_000 + index}/`,
      now: later,
    })
  let rows = 0
  const counting: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      rows += result.rows.length
      return result
    },
  }
  const { db } = outbox.database
  const database = { ...outbox.database, db: db.withPlugin(counting) }
  await using sender = startSender(outbox, { database })
  for (let index = 0; index < 10; index += 1) {
    sender.wake(await outbox.put(await outbox.startRun(), { url: receiver.url }))
    await receiver.next()
  }

  // Of each message a few: its endpoint, itself. None of the 300 others but the next one.
  expect(rows).toBeGreaterThan(10)
  expect(rows).toBeLessThan(100)
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
    await using sender = startSender(outbox)
    await receiver.next()
    await sender.stop(0)
    expect(await outbox.list(runId)).toMatchObject([
      { status: 'pending', attempts: 0, lastError: null },
      { status: 'pending', attempts: 0, lastError: null },
    ])
  }
  await using outbox = await openOutbox(url)
  await using _sender = startSender(outbox)
  await receiver.until((requests) => requests.length === 3)
  // This process makes another body of each message: what was sent once stays as it was.
  expect(receiver.requests.map(({ body }) => body)).toEqual(['{"n":1}', '{"n":1}', '{}'])
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
  await using sender = startSender(outbox)
  await receiver.next()
  const stopped = sender.stop(MINUTE_MS)
  sender.wake([outbox.endpointOf(receiver.url)])
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
  await using stopped = startSender(outbox)
  await stopped.stop(MINUTE_MS)
  await using _sender = startSender(outbox)
  await eventually(async () =>
    expect(await outbox.list(runId)).toMatchObject([{ status: 'delivered', attempts: 1 }]),
  )
  expect(receiver.requests).toHaveLength(1)
})

test('a sender wakes by itself when a message becomes due', async () => {
  await using receiver = await receive()
  await using outbox = await openOutbox()
  await outbox.put(await outbox.startRun(), { url: receiver.url, now: Date.now() + 200 })
  await using _sender = startSender(outbox)
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
  await using sender = startSender(outbox, { database: { ...outbox.database, commit } })
  await eventually(async () =>
    expect(await outbox.list(runId)).toMatchObject([{ status: 'delivered' }]),
  )
  expect(receiver.requests).toHaveLength(1)
  expect(sender.lines.join()).toContain('disk full')
})

test('long messages are sent a few at a time, and do not keep a receiver that is well waiting', async () => {
  const answered = Promise.withResolvers<void>()
  await using slow = await receive({ secrets: [], answers: () => ({ after: answered.promise }) })
  await using well = await receive()
  await using outbox = await openOutbox()
  await outbox.put(await outbox.startRun(), { url: well.url })
  const long = JSON.stringify('x'.repeat(33 * 1024 * 1024))
  const render: typeof outbox.render = async (told) =>
    (await outbox.render(told)) === '"long"' ? long : '{}'
  await using sender = startSender(outbox, { render })
  await well.next()
  const urls = ['1', '2', '3', '4', '5', '6', '7'].map((path) => `${slow.url}/${path}`)
  for (const url of urls) await outbox.put(await outbox.startRun(), { url, body: '"long"' })
  sender.wake(urls.map(outbox.endpointOf))
  await slow.until((requests) => requests.length >= 2)
  sender.wake(await outbox.put(await outbox.startRun(), { url: well.url }))
  await well.next()

  // Two fill the budget; three more may have begun before it was known how long those are.
  expect(slow.connections.opened).toBeLessThanOrEqual(5)
  answered.resolve()
  await slow.until((requests) => requests.length === urls.length)
})
