import type { Kysely } from 'kysely'
import { fromJson, type Tables } from '../../db/database.ts'
import type { RunStatus, RunSummary } from '../run.ts'
import type { RunFilter } from '../runs.ts'

/** A place in the list of runs, newest first. */
export interface Position {
  readonly createdAt: number
  readonly id: string
}

/** What a list needs; inputs may be megabytes each. */
const SUMMARY = [
  'id',
  'crew',
  'version',
  'status',
  'meta',
  'simulated',
  'error',
  'createdAt',
  'startedAt',
  'updatedAt',
  'endedAt',
] as const satisfies readonly (keyof RunSummary)[]

export async function selectRuns(
  db: Kysely<Tables>,
  { crew, status, limit }: RunFilter,
  after: Position | null,
): Promise<readonly RunSummary[]> {
  let query = db.selectFrom('runs').innerJoin('kickoffs', 'kickoffs.runId', 'runs.id')
  if (crew !== undefined) query = query.where('crew', '=', crew)
  if (status !== undefined) query = query.where('status', '=', status)
  if (after !== null)
    query = query.where((eb) =>
      eb.or([
        eb('createdAt', '<', after.createdAt),
        eb.and([eb('createdAt', '=', after.createdAt), eb('id', '<', after.id)]),
      ]),
    )
  const rows = await query
    .select(SUMMARY)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    ...row,
    status: row.status as RunStatus,
    meta: fromJson(row.meta),
    simulated: row.simulated === 1,
  }))
}
