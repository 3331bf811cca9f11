import { randomBytes } from 'node:crypto'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Backup, Database } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/open.ts'
import { temporaryDirectory } from '../harness/temporary-directory.ts'

const NEVER = new AbortController().signal
const ROW_BYTES = 100_000

const insertRows = (database: Database, first: number, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      database.commit(async (tx) => {
        const filler = randomBytes(ROW_BYTES / 2).toString('hex')
        await tx
          .insertInto('probes')
          .values({ id: first + index, filler })
          .execute()
      }),
    ),
  )

async function read(backup: Backup): Promise<{ sizeBytes: number; bytes: Buffer }> {
  await using copy = backup
  const pieces: Buffer[] = []
  await copy.pour(async (piece) => {
    pieces.push(Buffer.from(piece))
  })
  return { sizeBytes: copy.sizeBytes, bytes: Buffer.concat(pieces) }
}

const idsOf = async ({ db }: Database) =>
  (await db.selectFrom('probes').select('id').orderBy('id').execute()).map(({ id }) => id)

test('a copy that is made while rows are written holds those committed before it ended, and no half', async () => {
  using directory = temporaryDirectory()
  const database = await openDatabase(`sqlite:${directory.path}/coxswain.db`)
  await insertRows(database, 1000, 100)
  const made = database.backup(NEVER)
  let isMade = false
  const rows: number[] = []
  void made.finally(() => {
    isMade = true
  })
  for (let id = 2000; !isMade; id += 1) {
    await insertRows(database, id, 1)
    rows.push(id)
  }
  const { sizeBytes, bytes } = await read(await made)
  await database.close()
  expect(bytes.length).toBe(sizeBytes)
  const path = join(directory.path, 'restored.db')
  writeFileSync(path, bytes)
  const restored = await openDatabase(`sqlite:${path}`)
  const ids = await idsOf(restored)
  await restored.close()

  expect(rows.length).toBeGreaterThan(1)
  expect(ids.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, index) => 1000 + index))
  expect(ids.slice(100)).toEqual(rows.slice(0, ids.length - 100))
})

test('one copy is made at a time, and the next when its reader is done', async () => {
  using directory = temporaryDirectory()
  const database = await openDatabase(`sqlite:${directory.path}/coxswain.db`)
  const first = await database.backup(NEVER)
  await expect(database.backup(NEVER)).rejects.toMatchObject({ code: 'backup_running' })
  await read(first)
  await read(await database.backup(NEVER))

  await database.close()
})

test('a copy leaves nothing beside the data, also when it is broken off', async () => {
  using directory = temporaryDirectory()
  const database = await openDatabase(`sqlite:${directory.path}/coxswain.db`)
  await insertRows(database, 1, 100)
  const before = readdirSync(directory.path)
  const controller = new AbortController()
  const broken = database.backup(controller.signal)
  setImmediate(() => controller.abort(new Error('gone')))
  await expect(broken).rejects.toThrow('gone')
  const made = await database.backup(NEVER)
  expect(readdirSync(directory.path)).toEqual(before)
  await made[Symbol.asyncDispose]()

  await database.close()
})

test('closing breaks off a copy that is being made', async () => {
  using directory = temporaryDirectory()
  const database = await openDatabase(`sqlite:${directory.path}/coxswain.db`)
  await insertRows(database, 1, 100)
  const broken = database.backup(NEVER).catch((error: unknown) => error)
  await database.close()

  expect(await broken).toMatchObject({ code: 'shutting_down' })
  expect(readdirSync(directory.path)).toEqual(['coxswain.db'])
})

test('after a backup, and one broken off, what is written gets into the file again', async () => {
  using directory = temporaryDirectory()
  const database = await openDatabase(`sqlite:${directory.path}/coxswain.db`)
  await read(await database.backup(NEVER))
  await expect(database.backup(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
  for (let first = 0; first < 100; first += 20) await insertRows(database, first, 20)
  const sizeBytes = statSync(join(directory.path, 'coxswain.db-wal')).size
  await database.close()

  // 10 MB were written.
  expect(sizeBytes).toBeLessThan(7_000_000)
})

test('what a killed process left of a copy is removed at the next start, and nothing else', async () => {
  using directory = temporaryDirectory()
  for (const name of ['.coxswain.db.backup-in-progress', 'coxswain.db.backup'])
    writeFileSync(join(directory.path, name), 'x')
  const database = await openDatabase(`sqlite:${directory.path}/coxswain.db`)
  await database.close()

  expect(readdirSync(directory.path).toSorted()).toEqual(['coxswain.db', 'coxswain.db.backup'])
})

test('a copy is readable by its owner alone while it is made', async () => {
  using directory = temporaryDirectory()
  const database = await openDatabase(`sqlite:${directory.path}/coxswain.db`)
  await insertRows(database, 1, 50)
  const made = database.backup(NEVER)
  const mode = await modeOf(join(directory.path, '.coxswain.db.backup-in-progress'))
  await read(await made)
  await database.close()

  expect(mode & 0o777).toBe(0o600)
})

/** As soon as the file is there. */
async function modeOf(path: string): Promise<number> {
  for (;;) {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found !== undefined) return found.mode
    await new Promise((resolve) => setImmediate(resolve))
  }
}
