import type { Catalog } from '../../crew/catalog.ts'
import type { Database } from '../../db/database.ts'
import type { Dispatch } from '../../dispatch/dispatch.ts'
import { AppError } from '../../errors.ts'
import type { Journal } from '../journal/journal.ts'
import type { Runs } from '../runs.ts'
import { getRun } from './report.ts'

export interface RetryDeps {
  readonly db: Database['db']
  readonly journal: Journal
  readonly dispatch: Dispatch
  readonly catalog: Catalog
  readonly maxQueuedRuns: number
  /** False while the server shuts down. */
  readonly isAccepting: () => boolean
}

/** See {@link Runs.retry}. */
export function createRetry(deps: RetryDeps): Runs['retry'] {
  const { db, journal, dispatch, catalog } = deps
  return async (runId) => {
    if (!deps.isAccepting()) throw new AppError('shutting_down')
    const run = await getRun(db, runId, null)
    if (run.status !== 'failed') throw new AppError('not_failed', { state: run.status })
    if (catalog.get(run.crew) === undefined)
      throw new AppError('crew_not_found', { crew: run.crew, known: catalog.names })
    const queued = dispatch.queued()
    if (queued >= deps.maxQueuedRuns) throw new AppError('queue_full', { queued })

    const at = Date.now()
    const data = { error: run.error ?? '', idleMs: Math.max(0, at - (run.endedAt ?? at)) }
    const fact = { type: 'run_retried', data } as const
    // The epoch grows, so that of two retries at once the second is refused.
    const patch = { status: 'queued', epoch: run.epoch + 1, error: null, endedAt: null } as const
    const entry = { fact, at, key: null, output: null, patch }
    if ((await journal.append(run, () => [entry])) === null)
      throw new AppError('not_failed', { state: (await getRun(db, runId, null)).status })
    dispatch.wake(run.id)
    return { ...run, ...patch }
  }
}
