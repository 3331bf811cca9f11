import type { Kysely } from 'kysely'
import type { Tables, Tx } from '../../db/database.ts'
import { statement } from '../../db/statement.ts'
import type { Run, RunWithInputs } from '../run.ts'
import { findInputs, findRun } from './store.ts'

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
