import { expect, test } from 'vitest'
import { parseKey, SealError, type SealingKey } from '../../src/access/seal.ts'
import { openVault, type Vault } from '../../src/access/vault.ts'
import type { Database } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/open.ts'

function keyOf(byte: number): SealingKey {
  const key = parseKey(Buffer.alloc(32, byte).toString('base64'))
  if (key === undefined) throw new Error('it should be a key')
  return key
}

const [OLD, NEW] = [keyOf(1), keyOf(2)]
const place = ['table', 'row', 'column']

/** A vault, and how often what is stored was sealed anew for it. */
async function openWith(database: Database, ...keys: readonly SealingKey[]) {
  let resealed = 0
  const reseal = async () => {
    resealed += 1
  }
  return { vault: await openVault({ database, keys, reseal }), resealed: () => resealed }
}

test('what was sealed is opened after a restart with the same key, without sealing it anew', async () => {
  const database = await openDatabase('sqlite::memory:')
  const before = await openWith(database, OLD)
  const sealed = before.vault.seal('secret', place)
  const after = await openWith(database, OLD)

  expect(after.vault.open(sealed, place)).toBe('secret')
  expect([before.resealed(), after.resealed()]).toEqual([0, 0])
  await database.close()
})

test('another key is refused at once, named by its id', async () => {
  const database = await openDatabase('sqlite::memory:')
  await openWith(database, OLD)

  await expect(openWith(database, NEW)).rejects.toThrow(SealError)
  await expect(openWith(database, NEW)).rejects.toThrow(OLD.id)
  await database.close()
})

test('with a new key before the old one everything is sealed anew once, and then the old one is not needed', async () => {
  const database = await openDatabase('sqlite::memory:')
  const { vault: old } = await openWith(database, OLD)
  const sealed = old.seal('secret', place)
  const both = await openWith(database, NEW, OLD)

  expect(both.resealed()).toBe(1)
  expect(both.vault.open(sealed, place)).toBe('secret')
  expect([sealed, both.vault.seal('x', place)].map(both.vault.isCurrent)).toEqual([false, true])
  expect((await openWith(database, NEW, OLD)).resealed()).toBe(0)
  expect((await openWith(database, NEW)).resealed()).toBe(0)
  await database.close()
})

test('as long as not everything could be sealed anew the old key is asked for', async () => {
  const database = await openDatabase('sqlite::memory:')
  await openWith(database, OLD)
  const failing = async (_: Vault) => {
    throw new Error('disk full')
  }
  const keys = [NEW, OLD]

  await expect(openVault({ database, keys, reseal: failing })).rejects.toThrow('disk full')
  await expect(openWith(database, NEW)).rejects.toThrow(SealError)
  expect((await openWith(database, NEW, OLD)).resealed()).toBe(1)
  await database.close()
})

test('a fingerprint is the same after a restart and under a new key, and another in another database', async () => {
  const [database, other] = [
    await openDatabase('sqlite::memory:'),
    await openDatabase('sqlite::memory:'),
  ]
  const first = (await openWith(database, OLD)).vault.fingerprint('https://example.com/')

  expect(first).toMatch(/^[0-9a-f]{32}$/)
  expect((await openWith(database, NEW, OLD)).vault.fingerprint('https://example.com/')).toBe(first)
  expect((await openWith(database, NEW)).vault.fingerprint('https://example.com/a')).not.toBe(first)
  expect((await openWith(other, OLD)).vault.fingerprint('https://example.com/')).not.toBe(first)
  await database.close()
  await other.close()
})
