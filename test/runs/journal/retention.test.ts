import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Database, Tables } from '../../../src/db/database.ts'
import { openDatabase } from '../../../src/db/open.ts'
import {
  deleteExpired,
  type EndPosition,
  expireRuns,
  OLDEST,
} from '../../../src/runs/journal/retention.ts'
import { findRun, insertRun } from '../../../src/runs/journal/store.ts'
import type { RunWithInputs } from '../../../src/runs/run.ts'
import { makeDeliveryRow } from '../../harness/delivery-row.ts'
import { queuedRun } from '../../harness/run.ts'
import { temporaryDirectory } from '../../harness/temporary-directory.ts'

const TIME = 10_000

interface Ended {
  /** Texts of its journal. */
  readonly outputs?: readonly string[]
  readonly deliveries?: readonly string[]
  readonly run?: Partial<RunWithInputs>
}

/** Makes a run with what hangs on it. Returns its id. */
async function makeRun(database: Database, { outputs = ['x'], deliveries = [], run }: Ended = {}) {
  const made = queuedRun({ status: 'completed', endedAt: TIME - 1, ...run })
  await database.commit(async (tx) => {
    await insertRun(tx, made)
    for (const [index, output] of outputs.entries())
      await tx
        .insertInto('journal')
        .values({
          runId: made.id,
          seq: index + 1,
          v: 1,
          at: 1,
          type: 't',
          key: null,
          data: '{}',
          output,
        })
        .execute()
    for (const [index, status] of deliveries.entries())
      await tx
        .insertInto('deliveries')
        .values(makeDeliveryRow({ id: `${made.id}/${index}`, runId: made.id, status }))
        .execute()
  })
  return made.id
}

async function count({ db }: Database, table: keyof Tables): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

const HANGING = ['journal', 'deliveries', 'kickoffs', 'deletions'] as const

const counts = (database: Database) => Promise.all(HANGING.map((table) => count(database, table)))

async function pass(database: Database): Promise<void> {
  for (let at: EndPosition | null = OLDEST; at !== null; ) {
    const from: EndPosition = at
    at = (await database.commit((tx) => expireRuns(tx, from, TIME))).next
  }
  while (await database.commit(deleteExpired));
}

test('runs whose time is over are deleted with all that hangs on them, and no others', async () => {
  const database = await openDatabase('sqlite::memory:')
  for (const status of ['completed', 'failed', 'stopped'] as const)
    await makeRun(database, { run: { status }, deliveries: ['delivered', 'failed'] })
  const kept = await Promise.all([
    makeRun(database, { run: { endedAt: TIME } }),
    makeRun(database, { run: { status: 'waiting', endedAt: null } }),
    makeRun(database, { run: { status: 'running', endedAt: null } }),
    makeRun(database, { run: { status: 'queued', endedAt: null } }),
  ])
  await pass(database)

  const ids = await database.db.selectFrom('runs').select('id').execute()
  expect(ids.map(({ id }) => id).toSorted()).toEqual(kept.toSorted())
  expect(await counts(database)).toEqual([4, 0, 4, 0])
  await database.close()
})

test('a run is kept while a message of it waits, and does not keep those after it', async () => {
  const database = await openDatabase('sqlite::memory:')
  const open = await makeRun(database, {
    deliveries: ['delivered', 'pending'],
    run: { endedAt: 1 },
  })
  for (let index = 0; index < 60; index += 1)
    await makeRun(database, { deliveries: ['pending'], run: { endedAt: 2 } })
  const after = await makeRun(database)
  await pass(database)
  expect(await findRun(database.db, open)).toBeDefined()
  expect(await findRun(database.db, after)).toBeUndefined()
  await database.db.updateTable('deliveries').set({ status: 'failed' }).execute()
  await pass(database)

  expect(await count(database, 'runs')).toBe(0)
  expect(await counts(database)).toEqual([0, 0, 0, 0])
  await database.close()
})

test.each([
  ['200 rows', Array(450).fill('x'), [200, 200, 50]],
  ['1 MiB', Array(25).fill('x'.repeat(100_000)), [10, 10, 5]],
  ['one row that is longer', Array(3).fill('x'.repeat(3_000_000)), [1, 1, 1]],
])('one commit deletes %s at most', async (_, outputs: readonly string[], expected) => {
  const database = await openDatabase('sqlite::memory:')
  await makeRun(database, { outputs })
  await database.commit((tx) => expireRuns(tx, OLDEST, TIME))
  const left = [outputs.length]
  for (let isMore = true; isMore; ) {
    isMore = await database.commit(deleteExpired)
    left.push(await count(database, 'journal'))
  }
  const deleted = left.slice(1).map((rows, index) => (left[index] ?? 0) - rows)

  expect(deleted.filter((rows) => rows > 0)).toEqual(expected)
  expect(await counts(database)).toEqual([0, 0, 0, 0])
  await database.close()
})

test('what a process that ended left of a run is deleted by the next, and nobody sees it meanwhile', async () => {
  using directory = temporaryDirectory()
  const url = `sqlite:${join(directory.path, 'coxswain.db')}`
  const first = await openDatabase(url)
  const id = await makeRun(first, { outputs: Array(300).fill('x') })
  await first.commit((tx) => expireRuns(tx, OLDEST, TIME))
  await first.commit(deleteExpired)
  await first.close()
  const second = await openDatabase(url)
  expect(await findRun(second.db, id)).toBeUndefined()
  expect(await count(second, 'journal')).toBe(100)
  await pass(second)

  expect(await counts(second)).toEqual([0, 0, 0, 0])
  await second.close()
})

test('the room of deleted runs is used again: the file does not grow with every run', async () => {
  const database = await openDatabase('sqlite::memory:')
  const pages: number[] = []
  for (let round = 0; round < 12; round += 1) {
    for (let index = 0; index < 10; index += 1)
      await makeRun(database, { outputs: Array(5).fill('x'.repeat(20_000)) })
    await pass(database)
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(database.db)
    pages.push(rows[0]?.page_count ?? 0)
  }

  expect(pages.at(-1)).toBe(pages[1])
  await database.close()
})
