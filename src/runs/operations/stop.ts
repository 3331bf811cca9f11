import { Interruption } from '../../crew/host.ts'
import type { Commit, Database } from '../../db/database.ts'
import type { Dispatch } from '../../dispatch/dispatch.ts'
import { AppError } from '../../errors.ts'
import { raiseEpoch } from '../journal/claims.ts'
import type { Journal } from '../journal/journal.ts'
import { isEnded, type Run } from '../run.ts'
import type { Runs } from '../runs.ts'
import { getRun } from './report.ts'

export interface StopDeps {
  readonly db: Database['db']
  readonly commit: Commit
  readonly journal: Journal
  readonly dispatch: Dispatch
  /** Runs that this process drives, with the way to break them off. */
  readonly driven: ReadonlyMap<string, AbortController>
}

const REASON = 'The run was stopped.'

/** See {@link Runs.stop}. */
export function createStop({ db, commit, journal, dispatch, driven }: StopDeps): Runs['stop'] {
  async function end(run: Run): Promise<Run | null> {
    // The clock may have been put back since its last event.
    const at = Math.max(Date.now(), run.updatedAt)
    const fact = { type: 'run_stopped', data: { error: REASON } } as const
    const patch = { status: 'stopped', error: REASON, endedAt: at } as const
    const entry = { fact, at, key: null, output: null, patch }
    const stopped = await journal.append(run, () => [entry])
    return stopped && { ...run, ...patch }
  }

  const stop: Runs['stop'] = async (runId, crew) => {
    const run = await getRun(db, runId, crew)
    if (isEnded(run.status)) throw new AppError('already_ended', { state: run.status })
    // First of all the epoch grows, so that whoever drives the run is refused from here on, however busy it is.
    // It was claimed, asked or ended meanwhile: look again. Each of these happens a bounded number of times.
    const epoch = await commit((tx) => raiseEpoch(tx, run))
    if (epoch === null) return stop(runId, crew)
    driven.get(runId)?.abort(new Interruption(REASON))
    const stopped = await end({ ...run, epoch }).catch((error: unknown) => {
      // Nobody drives it any more, and it has not ended.
      dispatch.wake(runId)
      throw error
    })
    if (stopped === null) return stop(runId, crew)
    dispatch.forget(runId)
    return stopped
  }
  return stop
}
