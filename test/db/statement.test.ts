import { expect, test } from 'vitest'
import type { Tables } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/open.ts'
import { insertion, statement } from '../../src/db/statement.ts'

const insert = insertion('secrets', ['name', 'sealed'])
const select = statement<object, Tables['secrets']>((db) => db.selectFrom('secrets').selectAll())

const SECRET = { name: 'a', sealed: 'b' }

test('a statement outside of a transaction sees nothing of what is not committed', async () => {
  const { db, commit, close } = await openDatabase('sqlite::memory:')
  let reading: Promise<unknown> = Promise.resolve()

  const failed = commit(async (tx) => {
    await insert(tx, [SECRET])
    expect(await select(tx, {})).toEqual([SECRET])
    reading = select(db, {})
    throw new Error('undone')
  })

  await expect(failed).rejects.toThrow('undone')
  expect(await reading).toEqual([])
  await close()
})

test('a statement that fails outside of a transaction rejects', async () => {
  const { db, close } = await openDatabase('sqlite::memory:')
  await insert(db, [SECRET])

  await expect(insert(db, [SECRET])).rejects.toThrow('UNIQUE')

  expect(await select(db, {})).toEqual([SECRET])
  await close()
})
