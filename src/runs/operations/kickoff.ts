import type { Catalog } from '../../crew/catalog.ts'
import { missingInputs, withoutAliases } from '../../crew/inputs.ts'
import type { Dispatch } from '../../dispatch/dispatch.ts'
import { AppError } from '../../errors.ts'
import type { Definitions } from '../definitions.ts'
import type { Journal } from '../journal/journal.ts'
import { newRun } from '../run.ts'
import type { Runs } from '../runs.ts'

export interface KickoffDeps {
  readonly journal: Journal
  readonly dispatch: Dispatch
  readonly catalog: Catalog
  readonly definitions: Definitions
  readonly maxQueuedRuns: number
  readonly simulated: boolean
  /** False while the server shuts down. */
  readonly isAccepting: () => boolean
}

/** See {@link Runs.kickoff}. */
export function createKickoff(deps: KickoffDeps): Runs['kickoff'] {
  const { journal, dispatch, catalog, definitions, simulated } = deps
  // Accepted and not yet recorded, so not yet known to dispatch.
  let opening = 0
  return async ({ crew: name, meta, webhooks, ...request }) => {
    if (!deps.isAccepting()) throw new AppError('shutting_down')
    const served = catalog.get(name)
    if (served === undefined)
      throw new AppError('crew_not_found', { crew: name, known: catalog.names })
    const { crew, version } = served
    const inputs = withoutAliases(crew, request.inputs)
    const missing = missingInputs(crew, inputs)
    if (missing.length > 0) throw new AppError('missing_inputs', { missing })
    const queued = dispatch.queued() + opening
    if (queued >= deps.maxQueuedRuns) throw new AppError('queue_full', { queued })

    const given = { crew: name, version, simulated, meta, webhooks }
    const run = newRun({ ...given, inputs: { ...crew.inputs, ...inputs } }, Date.now())
    opening += 1
    try {
      await definitions.keep(served)
      await journal.open(run, { type: 'run_queued', data: { crew: name } })
    } finally {
      opening -= 1
    }
    dispatch.wake(run.id)
    return run
  }
}
