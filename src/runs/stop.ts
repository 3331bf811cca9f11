import { Interruption } from '../crew/host.ts'
import type { Database } from '../db/database.ts'
import { AppError } from '../errors.ts'
import { endingOf } from './ending.ts'
import type { RunFact } from './event.ts'
import type { Journal } from './journal.ts'
import { getRun } from './report.ts'
import { isEnded } from './run.ts'
import type { Runs } from './runs.ts'

export interface StopDeps {
  readonly db: Database['db']
  readonly journal: Journal
  /** Runs that this process drives, with the way to break them off. */
  readonly driven: ReadonlyMap<string, AbortController>
}

const REASON = 'The run was stopped.'

/** See {@link Runs.stop}. */
export function createStop({ db, journal, driven }: StopDeps): Runs['stop'] {
  const stop: Runs['stop'] = async (runId, crew) => {
    const run = await getRun(db, runId, crew)
    if (isEnded(run.status)) throw new AppError('already_ended', { state: run.status })
    const at = Date.now()
    const data = { ...endingOf(run, await journal.read(runId, run.lastSeq), at), error: REASON }
    const fact: RunFact = { type: 'run_stopped', data }
    // The epoch grows, so that whoever drives the run is refused from here on.
    const patch = { status: 'stopped', epoch: run.epoch + 1, error: REASON, endedAt: at } as const
    // Claimed, asked or ended meanwhile: look again. Each of these happens a bounded number of times.
    if (!(await journal.append(run, [{ fact, at }], patch))) return stop(runId, crew)
    driven.get(runId)?.abort(new Interruption(REASON))
    return { ...run, ...patch }
  }
  return stop
}
