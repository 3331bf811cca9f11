import type { Kysely, Selectable } from 'kysely'
import type { Inputs } from '../../crew/crew.ts'
import { fromJson, type Tables, type Tx, toJson } from '../../db/database.ts'
import { insertion, statement } from '../../db/statement.ts'
import type { Progress } from '../progress.ts'
import type { Run, RunStatus, RunSummary, RunWithInputs } from '../run.ts'
import type { RunFilter } from '../runs.ts'

type RunRow = Selectable<Tables['runs']>
type KickoffRow = Omit<Selectable<Tables['kickoffs']>, 'runId'>

function toRun(row: RunRow, { inputs, shownInputs, meta, webhooks }: KickoffRow): Run {
  return {
    ...row,
    status: row.status as RunStatus,
    simulated: row.simulated === 1,
    progress: fromJson(row.progress),
    meta: fromJson(meta),
    webhooks: fromJson(webhooks),
    shownInputs: fromJson(shownInputs ?? inputs),
  }
}

const insertRuns = insertion('runs', [
  'id',
  'crew',
  'version',
  'codeHash',
  'status',
  'epoch',
  'lastSeq',
  'crashes',
  'simulated',
  'retryAt',
  'error',
  'progress',
  'createdAt',
  'startedAt',
  'updatedAt',
  'endedAt',
])
const insertKickoffs = insertion('kickoffs', ['runId', 'inputs', 'shownInputs', 'meta', 'webhooks'])

export async function insertRun(tx: Tx, run: RunWithInputs): Promise<void> {
  const { inputs, shownInputs, meta, webhooks, progress, ...row } = run
  const simulated = run.simulated ? 1 : 0
  await insertRuns(tx, [{ ...row, simulated, progress: toJson(progress) }])
  const [given, shown] = [toJson(inputs), toJson(shownInputs)]
  await insertKickoffs(tx, [
    {
      runId: run.id,
      inputs: given,
      shownInputs: shown === given ? null : shown,
      meta: toJson(meta),
      webhooks: toJson(webhooks),
    },
  ])
}

const selectRun = statement<{ id: string }, RunRow>((db, value) =>
  db.selectFrom('runs').selectAll().where('id', '=', value('id')),
)

/** Long inputs are left where they are. */
const selectKickoff = statement<{ id: string }, KickoffRow>((db, value) =>
  db
    .selectFrom('kickoffs')
    .select(['shownInputs', 'meta', 'webhooks'])
    .select((eb) =>
      eb
        .case()
        .when('shownInputs', 'is', null)
        .then(eb.ref('inputs'))
        .else('{}')
        .end()
        .as('inputs'),
    )
    .where('runId', '=', value('id')),
)

/** Two reads, because a join of the two took four times as long. */
export async function findRun(db: Kysely<Tables>, id: string): Promise<Run | undefined> {
  const [row] = await selectRun(db, { id })
  const [kickoff] = row === undefined ? [] : await selectKickoff(db, { id })
  return row && kickoff && toRun(row, kickoff)
}

const selectInputs = statement<{ runId: string }, { inputs: string }>((db, value) =>
  db.selectFrom('kickoffs').select('inputs').where('runId', '=', value('runId')),
)

/** Of a run that there is. */
export async function findInputs(db: Kysely<Tables>, runId: string): Promise<Inputs> {
  const [row] = await selectInputs(db, { runId })
  return row === undefined ? {} : fromJson(row.inputs)
}

const selectCrew = statement<{ id: string }, { crew: string }>((db, value) =>
  db.selectFrom('runs').select('crew').where('id', '=', value('id')),
)

const claim = statement<{ id: string; now: number }, { id: string }>((db, value) =>
  db
    .updateTable('runs')
    .set((eb) => ({
      epoch: eb('epoch', '+', 1),
      status: 'running',
      retryAt: null,
      startedAt: eb.fn.coalesce('startedAt', eb.val(value('now'))),
      updatedAt: value('now'),
    }))
    .where('id', '=', value('id'))
    .where('status', 'in', ['queued', 'running'])
    .where((eb) => eb.or([eb('retryAt', 'is', null), eb('retryAt', '<=', value('now'))]))
    .returning('id'),
)

/**
 * Makes this process the one that drives the run: whoever drove it before is refused from now on.
 *
 * @param crews that this process serves; a run of another one stays as it is
 * @returns undefined when there is nothing to drive: the run waits, is not due yet, has ended, or does not exist
 */
export async function claimRun(
  tx: Tx,
  id: string,
  crews: readonly string[],
  now: number,
): Promise<RunWithInputs | undefined> {
  const [found] = await selectCrew(tx, { id })
  if (found === undefined || !crews.includes(found.crew)) return undefined
  const [claimed] = await claim(tx, { id, now })
  const run = claimed && (await findRun(tx, id))
  return run && { ...run, inputs: await findInputs(tx, id) }
}

/** What changes on a run's row when something is recorded about it. */
export type RunPatch = Partial<
  Pick<Run, 'status' | 'epoch' | 'error' | 'endedAt' | 'codeHash' | 'webhooks'>
>

/** How far a run is, to whoever may write about it. */
export type Head = Pick<Run, 'lastSeq' | 'progress'>

const selectHead = statement<
  Pick<Run, 'id' | 'epoch' | 'status'>,
  { lastSeq: number; progress: string }
>((db, value) =>
  db
    .selectFrom('runs')
    .select(['lastSeq', 'progress'])
    .where('id', '=', value('id'))
    .where('epoch', '=', value('epoch'))
    .where('status', '=', value('status')),
)

/** Undefined when somebody else decided about the run first: it has not the status and epoch that the writer knows. */
export async function readHead(tx: Tx, run: Run): Promise<Head | undefined> {
  const [row] = await selectHead(tx, run)
  return row && { lastSeq: row.lastSeq, progress: fromJson<Progress>(row.progress) }
}

type HeadRow = Pick<
  RunRow,
  'id' | 'status' | 'epoch' | 'error' | 'endedAt' | 'lastSeq' | 'progress' | 'updatedAt'
>

const updateHead = statement<HeadRow>((db, value) =>
  db
    .updateTable('runs')
    .set({
      status: value('status'),
      epoch: value('epoch'),
      error: value('error'),
      endedAt: value('endedAt'),
      lastSeq: value('lastSeq'),
      progress: value('progress'),
      crashes: 0,
      updatedAt: value('updatedAt'),
    })
    .where('id', '=', value('id')),
)

/** @param run as it is from now on; its head was read in the same transaction */
export async function writeHead(tx: Tx, run: Run, updatedAt: number): Promise<void> {
  await updateHead(tx, { ...run, progress: toJson(run.progress), updatedAt })
}

export async function writeWebhooks(tx: Tx, { id, webhooks }: Run): Promise<void> {
  await tx
    .updateTable('kickoffs')
    .set({ webhooks: toJson(webhooks) })
    .where('runId', '=', id)
    .execute()
}

/** Refuses whoever drives the run, from here on. Returns the new epoch; null when the run was decided about first. */
export async function raiseEpoch(tx: Tx, { id, epoch, status }: Run): Promise<number | null> {
  const raised = await tx
    .updateTable('runs')
    .set({ epoch: epoch + 1, retryAt: null })
    .where('id', '=', id)
    .where('epoch', '=', epoch)
    .where('status', '=', status)
    .executeTakeFirst()
  return raised.numUpdatedRows === 0n ? null : epoch + 1
}

export async function writeCodeHash(tx: Tx, { id, codeHash }: Run): Promise<void> {
  await tx.updateTable('runs').set({ codeHash }).where('id', '=', id).execute()
}

/** Leaves a run until then. False when somebody else decided about it first. */
export async function postponeRun(
  tx: Tx,
  { id, epoch, status }: Run,
  retryAt: number,
): Promise<boolean> {
  const postponed = await tx
    .updateTable('runs')
    .set({ retryAt })
    .where('id', '=', id)
    .where('epoch', '=', epoch)
    .where('status', '=', status)
    .executeTakeFirst()
  return postponed.numUpdatedRows > 0n
}

/** When a run goes on that was postponed; null: it was not. */
export async function findRetryAt(db: Kysely<Tables>, id: string): Promise<number | null> {
  const row = await db
    .selectFrom('runs')
    .select('retryAt')
    .where('id', '=', id)
    .where('status', '=', 'running')
    .executeTakeFirst()
  return row?.retryAt ?? null
}

/** Gives the runs back that this process drove: they were left in good order. */
export async function releaseRuns(tx: Tx): Promise<void> {
  await tx
    .updateTable('runs')
    .set({ status: 'queued' })
    .where('status', '=', 'running')
    .where('retryAt', 'is', null)
    .execute()
}

/** Takes back the runs that a process drove and did not give back, and counts the crash for them. */
export async function countCrash(tx: Tx): Promise<void> {
  await tx
    .updateTable('runs')
    .set((eb) => ({ status: 'queued', crashes: eb('crashes', '+', 1) }))
    .where('status', '=', 'running')
    .where('retryAt', 'is', null)
    .execute()
}

/** Runs that no process drives after a start, oldest first. */
export async function unfinishedRuns(
  db: Kysely<Tables>,
): Promise<readonly Pick<Run, 'id' | 'crew' | 'crashes' | 'retryAt'>[]> {
  return db
    .selectFrom('runs')
    .select(['id', 'crew', 'crashes', 'retryAt'])
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
