import { setImmediate } from 'node:timers/promises'
import type { Catalog, Served } from '../../crew/catalog.ts'
import { changesBetween } from '../../crew/changes.ts'
import { breaksOf, contractOf } from '../../crew/contract.ts'
import type { Database } from '../../db/database.ts'
import { AppError } from '../../errors.ts'
import { type ChangedCode, obstacleOf } from '../changed-code.ts'
import type { Runs, VersionReport } from '../runs.ts'
import { findDefinition, selectVersions, type VersionRow } from '../version-store.ts'
import { fromCursor, toCursor } from './cursor.ts'

export interface VersionsDeps {
  readonly db: Database['db']
  readonly catalog: Catalog
  readonly changedCode: ChangedCode
}

/** See {@link Runs.versions}. */
export function createVersions(deps: VersionsDeps): Runs['versions'] {
  const { db, catalog } = deps
  return async ({ crew, limit, cursor }) => {
    const served = catalog.get(crew)
    if (served === undefined) throw new AppError('crew_not_found', { crew, known: catalog.names })
    const after = cursor === undefined ? null : { firstServedAt: fromCursor(cursor).at }
    // One more than asked for tells whether there is a next page.
    const found = await selectVersions(db, { crew, limit: limit + 1 }, after)
    const rows = found.slice(0, limit)
    const versions: VersionReport[] = []
    for (const row of rows) {
      versions.push(await reportOf(row, served, deps))
      // A definition may have some 100 kB, and a page a hundred of them.
      await setImmediate()
    }
    const last = rows.at(-1)
    const isLast = found.length === rows.length || last === undefined
    return { versions, nextCursor: isLast ? null : toCursor(last.firstServedAt, last.hash) }
  }
}

async function reportOf(
  row: VersionRow,
  served: Served,
  { db, changedCode }: VersionsDeps,
): Promise<VersionReport> {
  const { hash, label, codeHash, firstServedAt, previous } = row
  const definition = await findDefinition(db, hash)
  if (definition === undefined) throw new Error(`The version ${hash} has no definition.`)
  const before = previous === null ? undefined : await findDefinition(db, previous)
  const contract = contractOf(definition)
  return {
    version: hash,
    label,
    codeHash,
    firstServedAt,
    isServed: hash === served.version,
    obstacle: obstacleOf({ crew: definition, codeHash }, served, changedCode),
    contract,
    previous,
    changes: before === undefined ? [] : changesBetween(before, definition),
    breaks: before === undefined ? [] : breaksOf(contractOf(before), contract),
  }
}
