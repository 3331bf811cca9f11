import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import type { Tx } from '../../src/db/database.ts'
import { createHealth } from '../../src/db/health.ts'
import { openDatabase } from '../../src/db/open.ts'
import { troubleOf } from '../../src/db/trouble.ts'
import { fillDisk } from '../harness/trouble.ts'

const log = pino({ level: 'silent' })

afterEach(() => {
  vi.useRealTimers()
})

const failure = (code: string, cause?: unknown) =>
  Object.assign(new Error(code, { cause }), { code })

const insertBig = (id: number) => async (tx: Tx) => {
  await tx
    .insertInto('probes')
    .values({ id, filler: 'x'.repeat(100_000) })
    .execute()
}

test.each([
  ['SQLITE_FULL', 'full'],
  ['SQLITE_IOERR_FSYNC', 'failing'],
  ['SQLITE_CANTOPEN', 'failing'],
  ['SQLITE_READONLY_DBMOVED', 'readOnly'],
  ['SQLITE_CORRUPT_INDEX', 'corrupt'],
  ['SQLITE_NOTADB', 'corrupt'],
  ['SQLITE_CONSTRAINT_UNIQUE', null],
  ['SQLITE_BUSY', null],
  ['ENOSPC', null],
])('the code %s means: %s', (code, trouble) => {
  expect(troubleOf(failure(code))).toBe(trouble)
  expect(troubleOf(failure('WRAPPED', failure(code)))).toBe(trouble)
})

test('what is thrown that is no error says nothing of the database', () => {
  expect([troubleOf('SQLITE_FULL'), troubleOf(null), troubleOf(undefined)]).toEqual([
    null,
    null,
    null,
  ])
})

test('a commit on a full disk is rejected with the reason, and all that waits goes on when there is room', async () => {
  const database = await openDatabase('sqlite::memory:')
  const makeRoom = await fillDisk(database)
  const error = await database.commit(insertBig(7)).catch((thrown: unknown) => thrown)
  const waits = Promise.all([database.health.whenWell(), database.health.whenWell()])

  expect(troubleOf(error)).toBe('full')
  expect(database.health.trouble()).toBe('full')
  await makeRoom()
  await waits
  expect(database.health.trouble()).toBeNull()
  await database.commit(insertBig(7))
  await database.close()
})

test('of several changes on a disk that is nearly full, the small one is committed', async () => {
  const database = await openDatabase('sqlite::memory:')
  await database.commit(insertBig(1))
  await fillDisk(database)
  const small = async (tx: Tx) => {
    await tx.updateTable('probes').set({ filler: 'x' }).where('id', '=', 1).execute()
  }
  const outcomes = await Promise.allSettled([
    database.commit(insertBig(2)),
    database.commit(insertBig(3)),
    database.commit(small),
  ])

  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  await database.close()
})

test('one probe a second is made until it succeeds, and then none', async () => {
  vi.useFakeTimers()
  let probes = 0
  const probe = async () => {
    probes += 1
    if (probes < 3) throw failure('SQLITE_IOERR_WRITE')
  }
  const health = createHealth({ probe, log })
  health.report(failure('SQLITE_IOERR_WRITE'))
  health.report(failure('SQLITE_FULL'))
  await vi.advanceTimersByTimeAsync(2_999)
  expect([probes, health.trouble()]).toEqual([2, 'full'])
  await vi.advanceTimersByTimeAsync(60_000)

  expect([probes, health.trouble(), vi.getTimerCount()]).toEqual([3, null, 0])
})

test('damage stays, whatever a probe says', async () => {
  vi.useFakeTimers()
  const health = createHealth({ probe: async () => {}, log })
  health.report(failure('SQLITE_FULL'))
  health.report(failure('SQLITE_CORRUPT'))
  health.report(failure('SQLITE_FULL'))
  await vi.advanceTimersByTimeAsync(60_000)

  expect(health.trouble()).toBe('corrupt')
})

test('who waits can stop waiting', async () => {
  const health = createHealth({ probe: async () => {}, log })
  health.report(failure('SQLITE_CORRUPT'))
  const controller = new AbortController()
  const wait = health.whenWell(controller.signal)
  controller.abort(new Error('the server ends'))

  await expect(wait).rejects.toThrow('the server ends')
  await expect(health.whenWell(controller.signal)).rejects.toThrow('the server ends')
  health.close()
})

test('a database that is well makes nobody wait, and other errors do not change that', async () => {
  const health = createHealth({ probe: async () => {}, log })
  health.report(new Error('no such column'))

  expect(health.trouble()).toBeNull()
  await health.whenWell()
})

test('the log says once what is wrong, and when it is over', async () => {
  const lines: string[] = []
  const sink = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk))
      done()
    },
  })
  vi.useFakeTimers()
  const health = createHealth({ probe: async () => {}, log: pino(sink) })
  for (let times = 0; times < 5; times += 1) health.report(failure('SQLITE_FULL'))
  await vi.advanceTimersByTimeAsync(1000)

  expect(lines.length).toBe(2)
  expect(lines[0]).toContain('SQLITE_FULL')
  expect(lines[1]).toContain('used again')
})
