import type { Served } from '../crew/catalog.ts'
import { completed, type Definition, toDefinition } from '../crew/definition.ts'
import { type Database, fromJson, type Tables, type Tx, toJson } from '../db/database.ts'

type Db = Database['db']
type Row = Tables['definitions']

/** A version without what its files say. */
export type VersionRow = Pick<
  Row,
  'hash' | 'label' | 'previous' | 'firstServedAt' | 'lastServedAt' | 'codeHash'
>

const COLUMNS = ['hash', 'label', 'previous', 'firstServedAt', 'lastServedAt', 'codeHash'] as const

/**
 * Records that a version is served from now on.
 *
 * @returns the version that was served before; null: none was, or the same
 */
export async function serveVersion(
  tx: Tx,
  { crew, version, codeHash }: Served,
): Promise<VersionRow | null> {
  const before = await tx
    .selectFrom('definitions')
    .select(COLUMNS)
    .where('crew', '=', crew.name)
    .orderBy('lastServedAt', 'desc')
    .executeTakeFirst()
  // A clock that was put back must not make an older version the newest.
  const now = Math.max(Date.now(), (before?.lastServedAt ?? 0) + 1)
  const previous = before === undefined || before.hash === version ? null : before
  const row: Row = {
    hash: version,
    crew: crew.name,
    label: crew.label,
    definition: toJson(toDefinition(crew)),
    previous: previous?.hash ?? null,
    firstServedAt: now,
    lastServedAt: now,
    codeHash,
  }
  await tx
    .insertInto('definitions')
    .values(row)
    .onConflict((conflict) => conflict.column('hash').doUpdateSet({ lastServedAt: now, codeHash }))
    .execute()
  return previous
}

export async function findDefinition(db: Db, hash: string): Promise<Definition | undefined> {
  const row = await db
    .selectFrom('definitions')
    .select('definition')
    .where('hash', '=', hash)
    .executeTakeFirst()
  return row && completed(fromJson(row.definition))
}

/** @param wanted its hash, or its label: of several versions with one label the one that was served last is meant */
export function findVersion(db: Db, crew: string, wanted: string): Promise<VersionRow | undefined> {
  return db
    .selectFrom('definitions')
    .select(COLUMNS)
    .where('crew', '=', crew)
    .where((eb) => eb.or([eb('hash', '=', wanted), eb('label', '=', wanted)]))
    .orderBy('lastServedAt', 'desc')
    .executeTakeFirst()
}

/** A place in the list of versions, newest first. No two versions of a crew are first served at the same time. */
export type VersionPosition = Pick<VersionRow, 'firstServedAt'>

export function selectVersions(
  db: Db,
  { crew, limit }: { readonly crew: string; readonly limit: number },
  after: VersionPosition | null,
): Promise<readonly VersionRow[]> {
  let query = db.selectFrom('definitions').select(COLUMNS).where('crew', '=', crew)
  if (after !== null) query = query.where('firstServedAt', '<', after.firstServedAt)
  return query.orderBy('firstServedAt', 'desc').limit(limit).execute()
}
