import { expect, test } from 'vitest'
import type { Database, Tx } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/open.ts'

async function openInMemory(): Promise<Database & AsyncDisposable> {
  const database = await openDatabase('sqlite::memory:')
  return { ...database, [Symbol.asyncDispose]: () => database.close() }
}

function insertRun(id: string) {
  const row = { id, crew: 'c', codeHash: '', version: 'v', status: 'queued', progress: '{}' }
  const rest = { epoch: 0, lastSeq: 0, crashes: 0, simulated: 0, createdAt: 1, updatedAt: 1 }
  return async (tx: Tx) => {
    await tx
      .insertInto('runs')
      .values({ ...row, ...rest })
      .execute()
    return id
  }
}

const ids = (database: Database) =>
  database.db
    .selectFrom('runs')
    .select('id')
    .orderBy('id')
    .execute()
    .then((rows) => rows.map(({ id }) => id))

test('changes of one turn share a transaction', async () => {
  await using database = await openInMemory()
  const transactions = new Set<Tx>()
  const change = async (tx: Tx) => {
    transactions.add(tx)
  }
  await Promise.all([database.commit(change), database.commit(change), database.commit(change)])

  expect(transactions.size).toBe(1)
})

test('a change that fails rejects alone, and its neighbours are committed', async () => {
  await using database = await openInMemory()
  const failing = async (tx: Tx) => {
    await insertRun('lost')(tx)
    throw new Error('no')
  }
  const outcomes = await Promise.allSettled([
    database.commit(insertRun('a')),
    database.commit(failing),
    database.commit(insertRun('a')),
    database.commit(insertRun('b')),
  ])

  expect(outcomes.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'fulfilled',
  ])
  expect(await ids(database)).toEqual(['a', 'b'])
})

test('more changes than fit a group are all committed, in order', async () => {
  await using database = await openInMemory()
  const all = Array.from({ length: 350 }, (_, index) => String(index).padStart(3, '0'))
  const order: string[] = []
  await Promise.all(all.map(async (id) => order.push(await database.commit(insertRun(id)))))

  expect(order).toEqual(all)
  expect(await ids(database)).toEqual(all)
})

test('closing waits for what is being committed', async () => {
  const database = await openDatabase('sqlite::memory:')
  const committed = database.commit(insertRun('a'))
  await database.close()

  await expect(committed).resolves.toBe('a')
})
