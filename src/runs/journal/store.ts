import type { Kysely, Selectable } from 'kysely'
import type { Inputs } from '../../crew/crew.ts'
import { fromJson, type Tables, type Tx, toJson } from '../../db/database.ts'
import type { Progress } from '../progress.ts'
import type { Run, RunStatus, RunSummary, RunWithInputs } from '../run.ts'
import type { RunFilter } from '../runs.ts'

type RunRow = Selectable<Tables['runs']>
type KickoffRow = Selectable<Tables['kickoffs']>

interface ReadRow extends RunRow, Pick<KickoffRow, 'meta' | 'webhooks'> {
  readonly shown: string
}

function toRun({ shown, ...row }: ReadRow): Run {
  return {
    ...row,
    status: row.status as RunStatus,
    simulated: row.simulated === 1,
    progress: fromJson(row.progress),
    meta: fromJson(row.meta),
    webhooks: fromJson(row.webhooks),
    shownInputs: fromJson(shown),
  }
}

export async function insertRun(tx: Tx, run: RunWithInputs): Promise<void> {
  const { inputs, shownInputs, meta, webhooks, ...row } = run
  await tx
    .insertInto('runs')
    .values({ ...row, simulated: run.simulated ? 1 : 0, progress: toJson(run.progress) })
    .execute()
  const [given, shown] = [toJson(inputs), toJson(shownInputs)]
  await tx
    .insertInto('kickoffs')
    .values({
      runId: run.id,
      inputs: given,
      shownInputs: shown === given ? null : shown,
      meta: toJson(meta),
      webhooks: toJson(webhooks),
    })
    .execute()
}

export async function findRun(db: Kysely<Tables>, runId: string): Promise<Run | undefined> {
  const row = await db
    .selectFrom('runs')
    .innerJoin('kickoffs', 'kickoffs.runId', 'runs.id')
    .selectAll('runs')
    .select(['meta', 'webhooks'])
    .select(({ fn }) => fn.coalesce('shownInputs', 'inputs').as('shown'))
    .where('runs.id', '=', runId)
    .executeTakeFirst()
  return row && toRun(row)
}

export async function findInputs(db: Kysely<Tables>, runId: string): Promise<Inputs> {
  const row = await db
    .selectFrom('kickoffs')
    .select('inputs')
    .where('runId', '=', runId)
    .executeTakeFirstOrThrow()
  return fromJson(row.inputs)
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
): Promise<RunWithInputs | undefined> {
  const claimed = await tx
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
    .executeTakeFirst()
  if (claimed.numUpdatedRows === 0n) return undefined
  const run = await findRun(tx, runId)
  return run && { ...run, inputs: await findInputs(tx, runId) }
}

/** What changes on a run's row when something is recorded about it. */
export type RunPatch = Partial<Pick<Run, 'status' | 'epoch' | 'error' | 'endedAt' | 'webhooks'>>

/** How far a run is, to whoever may write about it. */
export type Head = Pick<Run, 'lastSeq' | 'progress'>

/** Undefined when somebody else decided about the run first: it has not the status and epoch that the writer knows. */
export async function readHead(tx: Tx, run: Run): Promise<Head | undefined> {
  const row = await tx
    .selectFrom('runs')
    .select(['lastSeq', 'progress'])
    .where('id', '=', run.id)
    .where('epoch', '=', run.epoch)
    .where('status', '=', run.status)
    .executeTakeFirst()
  return row && { lastSeq: row.lastSeq, progress: fromJson<Progress>(row.progress) }
}

export async function writeHead(
  tx: Tx,
  runId: string,
  { lastSeq, progress }: Head,
  { webhooks, ...patch }: RunPatch,
): Promise<void> {
  await tx
    .updateTable('runs')
    .set({ ...patch, lastSeq, progress: toJson(progress), crashes: 0, updatedAt: Date.now() })
    .where('id', '=', runId)
    .execute()
  if (webhooks !== undefined)
    await tx
      .updateTable('kickoffs')
      .set({ webhooks: toJson(webhooks) })
      .where('runId', '=', runId)
      .execute()
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
