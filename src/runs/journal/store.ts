import type { Kysely, Selectable } from 'kysely'
import type { Inputs } from '../../crew/crew.ts'
import { fromJson, type Tables, type Tx, toJson } from '../../db/database.ts'
import { insertion, statement } from '../../db/statement.ts'
import type { Progress } from '../progress.ts'
import type { Run, RunStatus, RunWithInputs } from '../run.ts'

type RunRow = Selectable<Tables['runs']>
type KickoffRow = Omit<Selectable<Tables['kickoffs']>, 'runId'>

function toRun(row: RunRow, kickoff: KickoffRow): Run {
  const { inputs, sealedInputs, shownInputs, meta, webhooks } = kickoff
  return {
    ...row,
    status: row.status as RunStatus,
    simulated: row.simulated === 1,
    progress: fromJson(row.progress),
    meta: fromJson(meta),
    webhooks: fromJson(webhooks),
    sealedInputs,
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
const insertKickoffs = insertion('kickoffs', [
  'runId',
  'inputs',
  'sealedInputs',
  'shownInputs',
  'meta',
  'webhooks',
])

export async function insertRun(tx: Tx, run: RunWithInputs): Promise<void> {
  const { inputs, sealedInputs, shownInputs, meta, webhooks, progress, ...row } = run
  const simulated = run.simulated ? 1 : 0
  await insertRuns(tx, [{ ...row, simulated, progress: toJson(progress) }])
  const [given, shown] = [toJson(inputs), toJson(shownInputs)]
  await insertKickoffs(tx, [
    {
      runId: run.id,
      inputs: given,
      sealedInputs,
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
    .select(['shownInputs', 'sealedInputs', 'meta', 'webhooks'])
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

/** Of a run that there is; sensitive ones as stars. */
export async function findInputs(db: Kysely<Tables>, runId: string): Promise<Inputs> {
  const [row] = await selectInputs(db, { runId })
  return row === undefined ? {} : fromJson(row.inputs)
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

export async function writeCodeHash(tx: Tx, { id, codeHash }: Run): Promise<void> {
  await tx.updateTable('runs').set({ codeHash }).where('id', '=', id).execute()
}
