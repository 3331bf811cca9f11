import type { KyselyPlugin } from 'kysely'
import { expect, test } from 'vitest'
import { createDue } from '../../../src/webhooks/sending/due.ts'
import { findEndpoint } from '../../../src/webhooks/store/endpoints.ts'
import { openOutbox } from '../open-outbox.ts'

const urlOf = (name: string | number) => `https://example.com/${name}`

/** Endpoints that become due at these times, in ms since the epoch. */
async function openDue(...times: readonly number[]) {
  const outbox = await openOutbox()
  for (const [index, now] of times.entries())
    await outbox.put(await outbox.startRun(), { url: urlOf(index), now })
  const { db } = outbox.database
  const due = createDue(db)
  const nameOf = new Map(times.map((_, index) => [outbox.endpointOf(urlOf(index)), index]))
  const names = (endpoints: readonly { readonly id: string }[]) =>
    endpoints.map(({ id }) => nameOf.get(id))
  return {
    due,
    outbox,
    next: async (now: number, limit: number) => names(await due.next(now, limit)),
    told: async (now: number) => names(await due.told(now)),
    idOf: (index: number) => outbox.endpointOf(urlOf(index)),
    rowOf: (index: number) => findEndpoint(db, outbox.endpointOf(urlOf(index))),
    [Symbol.asyncDispose]: outbox[Symbol.asyncDispose],
  }
}

test('what has become due is given once, page by page, and what comes later in its time', async () => {
  await using opened = await openDue(3, 1, 2, 50)
  const { due, next } = opened

  expect(await next(10, 2)).toEqual([1, 2])
  expect(await next(10, 2)).toEqual([0])
  expect(due.nextAt()).toBe(50)
  expect(await next(49, 2)).toEqual([])
  expect(await next(50, 2)).toEqual([3])
  expect(due.nextAt()).toBeNull()
  due.reset()
  expect(await next(50, 9)).toEqual([1, 2, 0, 3])
})

test('many that become due at the same time are all given', async () => {
  await using opened = await openDue(...Array(25).fill(7))
  const given = [
    ...(await opened.next(7, 10)),
    ...(await opened.next(7, 10)),
    ...(await opened.next(7, 10)),
  ]

  expect(new Set(given).size).toBe(25)
})

test('an endpoint that was told of is given when it is due, and else its time is noted', async () => {
  await using opened = await openDue(3, 90)
  const { due } = opened
  await opened.next(5, 9)
  due.tell(opened.idOf(0))
  due.tell(opened.idOf(1))
  due.tell('nobody knows it')

  expect(await opened.told(10)).toEqual([0])
  expect(await opened.told(10)).toEqual([])
  expect(due.nextAt()).toBe(90)
})

test('of two that tell of an endpoint neither is believed: its row is read', async () => {
  await using opened = await openDue(3)
  const { due } = opened
  const id = opened.idOf(0)
  const row = await opened.rowOf(0)
  if (row === undefined) throw new Error('there should be one')
  // Whoever has read it before the message came, and says so after it.
  const stale = { ...row, dueAt: null }
  due.tell(id, stale)
  expect(await opened.told(10)).toEqual([])
  due.tell(id)
  due.tell(id, stale)
  expect(await opened.told(10)).toEqual([0])
})

test('what was told is not forgotten when the database fails', async () => {
  await using opened = await openDue(3)
  const { outbox } = opened
  let failures = 1
  const failing: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (failures-- > 0) throw new Error('disk I/O error')
      return result
    },
  }
  const db = outbox.database.db.withPlugin(failing)
  const due = createDue(db)
  due.tell(opened.idOf(0))

  await expect(due.told(10)).rejects.toThrow('disk I/O error')
  expect(await due.told(10)).toMatchObject([{ id: opened.idOf(0) }])
})
