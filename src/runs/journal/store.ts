import type { Kysely, Selectable } from 'kysely'
import { fromJson, type Tables, type Tx, toJson } from '../../db/database.ts'
import type { Run, RunStatus, RunSummary } from '../run.ts'
import type { RunFilter } from '../runs.ts'

type RunRow = Selectable<Tables['runs']>

function toRun(row: RunRow): Run {
  return {
    ...row,
    status: row.status as RunStatus,
    inputs: fromJson(row.inputs),
    meta: fromJson(row.meta),
    webhooks: fromJson(row.webhooks),
    simulated: row.simulated === 1,
  }
}

export async function insertRun(tx: Tx, run: Run): Promise<void> {
  const row: RunRow = {
    ...run,
    inputs: toJson(run.inputs),
    meta: toJson(run.meta),
    webhooks: toJson(run.webhooks),
    simulated: run.simulated ? 1 : 0,
  }
  await tx.insertInto('runs').values(row).execute()
}

export async function findRun(db: Kysely<Tables>, runId: string): Promise<Run | undefined> {
  const row = await db.selectFrom('runs').selectAll().where('id', '=', runId).executeTakeFirst()
  return row && toRun(row)
}

/**
 * Makes this process the one that drives the run: whoever drove it before is refused from now on.
 *
 * @param crews that this process serves; a run of another one stays as it is
 * @returns undefined when there is nothing to drive: the run waits, has ended, or does not exist
 */
export async function claimRun(
  tx: Tx,
  runId: string,
  crews: readonly string[],
  now: number,
): Promise<Run | undefined> {
  const row = await tx
    .updateTable('runs')
    .set((eb) => ({
      epoch: eb('epoch', '+', 1),
      status: 'running',
      startedAt: eb.fn.coalesce('startedAt', eb.val(now)),
      updatedAt: now,
    }))
    .where('id', '=', runId)
    .where('status', 'in', ['queued', 'running'])
    .where('crew', 'in', crews)
    .returningAll()
    .executeTakeFirst()
  return row && toRun(row)
}

/** What changes on a run's row when something is recorded about it. */
export type RunPatch = Partial<
  Pick<Run, 'status' | 'epoch' | 'output' | 'error' | 'endedAt' | 'webhooks'>
>

/**
 * Makes room for `count` events of a run, if it still has the status and epoch that the writer knows.
 *
 * @returns its new `lastSeq`; undefined when somebody else decided about it first
 */
export async function advanceRun(
  tx: Tx,
  run: Run,
  count: number,
  { webhooks, ...patch }: RunPatch,
): Promise<number | undefined> {
  const row = await tx
    .updateTable('runs')
    .set((eb) => ({
      ...patch,
      ...(webhooks && { webhooks: toJson(webhooks) }),
      lastSeq: eb('lastSeq', '+', count),
      crashes: 0,
      updatedAt: Date.now(),
    }))
    .where('id', '=', run.id)
    .where('epoch', '=', run.epoch)
    .where('status', '=', run.status)
    .returning('lastSeq')
    .executeTakeFirst()
  return row?.lastSeq
}

/** Gives the runs back that this process drove: they were left in good order. */
export async function releaseRuns(tx: Tx): Promise<void> {
  await tx.updateTable('runs').set({ status: 'queued' }).where('status', '=', 'running').execute()
}

/** Takes back the runs that a process drove and did not give back, and counts the crash for them. */
export async function countCrash(tx: Tx): Promise<void> {
  await tx
    .updateTable('runs')
    .set((eb) => ({ status: 'queued', crashes: eb('crashes', '+', 1) }))
    .where('status', '=', 'running')
    .execute()
}

/** Runs that no process drives after a start, oldest first. */
export async function unfinishedRuns(
  db: Kysely<Tables>,
): Promise<readonly Pick<Run, 'id' | 'crew' | 'crashes'>[]> {
  return db
    .selectFrom('runs')
    .select(['id', 'crew', 'crashes'])
    .where('status', 'in', ['queued', 'running'])
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
}

/** A place in the list of runs, newest first. */
export interface Position {
  readonly createdAt: number
  readonly id: string
}

/** What a list needs; inputs and outputs may be a megabyte each. */
const SUMMARY = [
  'id',
  'crew',
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
  let query = db.selectFrom('runs').select(SUMMARY)
  if (crew !== undefined) query = query.where('crew', '=', crew)
  if (status !== undefined) query = query.where('status', '=', status)
  if (after !== null)
    query = query.where((eb) =>
      eb.or([
        eb('createdAt', '<', after.createdAt),
        eb.and([eb('createdAt', '=', after.createdAt), eb('id', '<', after.id)]),
      ]),
    )
  const rows = await query.orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(limit).execute()
  return rows.map((row) => ({
    ...row,
    status: row.status as RunStatus,
    meta: fromJson(row.meta),
    simulated: row.simulated === 1,
  }))
}
