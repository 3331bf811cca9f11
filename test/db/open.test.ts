import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keptSecret } from '../../src/access/kept-secret.ts'
import { openDatabase } from '../../src/db/open.ts'
import { openingProblem } from '../../src/db/sqlite/opening-problem.ts'
import { temporaryDirectory } from '../harness/temporary-directory.ts'
import { scribble } from '../harness/trouble.ts'

test('the data directory is made closed to other users', async () => {
  using directory = temporaryDirectory()
  const database = await openDatabase(`sqlite:${directory.path}/data/coxswain.db`)
  await database.close()

  expect(statSync(join(directory.path, 'data')).mode & 0o777).toBe(0o700)
})

test('a data directory that others can read is refused, and a better one named', async () => {
  using directory = temporaryDirectory()
  const data = join(directory.path, 'data')
  mkdirSync(data)
  chmodSync(data, 0o755)

  await expect(openDatabase(`sqlite:${data}/coxswain.db`)).rejects.toThrow(
    join(data, 'coxswain', 'coxswain.db'),
  )
})

test('a second opener of the same file is refused until the first closes', async () => {
  using directory = temporaryDirectory()
  const url = `sqlite:${directory.path}/coxswain.db`
  const first = await openDatabase(url)

  await expect(openDatabase(url)).rejects.toThrow('another process is using it')
  await first.close()
  const second = await openDatabase(url)
  await second.close()
})

test('a file that is no database is refused by name', async () => {
  using directory = temporaryDirectory()
  const path = join(directory.path, 'coxswain.db')
  writeFileSync(path, 'This is a letter, not a database. '.repeat(100))

  await expect(openDatabase(`sqlite:${path}`)).rejects.toThrow(path)
})

test('a database that a newer version migrated is refused', async () => {
  using directory = temporaryDirectory()
  const url = `sqlite:${directory.path}/coxswain.db`
  const database = await openDatabase(url)
  await database.db
    .insertInto('kysely_migration' as never)
    .values({ name: '9999-future', timestamp: '2030-01-01' } as never)
    .execute()
  await database.close()

  await expect(openDatabase(url)).rejects.toThrow('newer version')
})

test('a kept secret is made once, and only its owner can read it', () => {
  using directory = temporaryDirectory()
  const path = join(directory.path, 'token')

  expect(keptSecret(path, () => 'first')).toBe('first')
  expect(keptSecret(path, () => 'second')).toBe('first')
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a damaged file is refused by name, saying what to do', async () => {
  using directory = temporaryDirectory()
  const path = join(directory.path, 'coxswain.db')
  const database = await openDatabase(`sqlite:${path}`)
  const filler = 'a text that fills some pages of its own '.repeat(1000)
  await database.commit(async (tx) => {
    await tx.insertInto('probes').values({ id: 2, filler }).execute()
  })
  await database.close()
  expect(scribble(path, filler.slice(0, 80))).toBeGreaterThan(0)

  await expect(openDatabase(`sqlite:${path}`)).rejects.toThrow(
    /^The database .*coxswain\.db cannot be opened: it is damaged, .*put a backup in its place/,
  )
})

test('what SQLite calls an I/O error is told apart: a disk that fails, and a place that cannot be written', () => {
  using directory = temporaryDirectory()
  const error = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_LOCK' })
  const file = join(directory.path, 'file')
  writeFileSync(file, '')

  expect(openingProblem(error, file)).toBe(
    'its disk reports errors (disk I/O error, SQLITE_IOERR_LOCK)',
  )
  expect(openingProblem(error, join(file, 'data', 'coxswain.db'))).toMatch(
    /^it cannot be written \(ENOTDIR: .*Mount its disk for writing/,
  )
})
