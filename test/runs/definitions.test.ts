import { expect, test, vi } from 'vitest'
import { createCatalog } from '../../src/crew/catalog.ts'
import type { Crew } from '../../src/crew/crew.ts'
import type { Database } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/open.ts'
import { createDefinitions } from '../../src/runs/definitions.ts'
import { makeCrew, makeTask } from '../harness/samples.ts'

const FIRST = makeCrew({ label: '1' })
const SECOND = makeCrew({ label: '1', tasks: [makeTask({ description: 'Other' })] })

/** What a server that is started with this crew has of its versions. */
function start(database: Database, crew: Crew) {
  const catalog = createCatalog([crew], null)
  const served = catalog.get(crew.name)
  if (served === undefined) throw new Error('it is served')
  const definitions = createDefinitions(database, catalog)
  return { ...definitions, served, keep: () => definitions.keep(served) }
}

test('what was served before is known also after a roll-back, and told once', async () => {
  const database = await openDatabase('sqlite::memory:')
  const first = start(database, FIRST)
  const second = start(database, SECOND)
  const kept = [
    await first.keep(),
    await second.keep(),
    await start(database, FIRST).keep(),
    await start(database, FIRST).keep(),
    await start(database, SECOND).keep(),
  ]

  expect(kept.map((previous) => previous?.hash ?? null)).toEqual([
    null,
    first.served.version,
    second.served.version,
    null,
    first.served.version,
  ])
  await database.close()
})

test('a version that comes back while the server runs is recorded again, and the same one is not', async () => {
  const database = await openDatabase('sqlite::memory:')
  const catalog = createCatalog([], null)
  const definitions = createDefinitions(database, catalog)
  const keep = (crew: Crew) => definitions.keep(catalog.prepare(crew, undefined))
  const first = await keep(FIRST)
  const second = await keep(SECOND)
  const again = await keep({ ...FIRST })
  const anew = await keep({ ...FIRST })
  const hashes = [first, second, again, anew].map((previous) => previous?.hash ?? null)
  const hashOfCrew = (crew: Crew) => catalog.prepare(crew, undefined).version

  expect(hashes).toEqual([null, hashOfCrew(FIRST), hashOfCrew(SECOND), null])
  await database.close()
})

test('a label means the version that was served last with it, also when the clock was put back', async () => {
  const database = await openDatabase('sqlite::memory:')
  vi.useFakeTimers({ toFake: ['Date'], now: 2_000_000 })
  await start(database, SECOND).keep()
  vi.setSystemTime(1_000_000)
  const first = start(database, FIRST)
  await first.keep()
  vi.useRealTimers()
  const third = start(database, makeCrew({ label: '2' }))
  await third.keep()

  expect(await third.find(third.served, '1')).toMatchObject({
    version: first.served.version,
    crew: { tasks: [{ description: FIRST.tasks[0]?.description }] },
  })
  expect(await third.find(third.served, '2')).toBe(third.served)
  expect(await third.find(third.served, '3')).toBeUndefined()
  await database.close()
})

test('a definition that an earlier release stored is read with what it did not know', async () => {
  const database = await openDatabase('sqlite::memory:')
  const first = start(database, makeCrew())
  await first.keep()
  const { definition } = await database.db
    .selectFrom('definitions')
    .select('definition')
    .executeTakeFirstOrThrow()
  const { inputAliases: _, ...stored } = JSON.parse(definition)
  await database.db
    .updateTable('definitions')
    .set({ definition: JSON.stringify(stored) })
    .execute()
  const later = start(database, SECOND)

  expect(await later.crewOf({ crew: 'research', version: first.served.version })).toEqual(
    makeCrew(),
  )
  await database.close()
})
