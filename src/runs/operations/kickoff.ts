import { randomUUID } from 'node:crypto'
import type { Crew } from '../../crew/crew.ts'
import { missingInputs } from '../../crew/inputs.ts'
import type { Dispatch } from '../../dispatch/dispatch.ts'
import { AppError } from '../../errors.ts'
import type { Journal } from '../journal/journal.ts'
import type { Run } from '../run.ts'
import type { Runs } from '../runs.ts'

export interface KickoffDeps {
  readonly journal: Journal
  readonly dispatch: Dispatch
  readonly crews: ReadonlyMap<string, Crew>
  readonly maxQueuedRuns: number
  readonly simulated: boolean
  /** False while the server shuts down. */
  readonly isAccepting: () => boolean
}

/** See {@link Runs.kickoff}. */
export function createKickoff(deps: KickoffDeps): Runs['kickoff'] {
  const { journal, dispatch, crews, simulated } = deps
  // Accepted and not yet recorded, so not yet known to dispatch.
  let opening = 0
  return async ({ crew: name, inputs, meta, webhooks }) => {
    if (!deps.isAccepting()) throw new AppError('shutting_down')
    const crew = crews.get(name)
    if (crew === undefined)
      throw new AppError('crew_not_found', { crew: name, known: [...crews.keys()] })
    const missing = missingInputs(crew, inputs)
    if (missing.length > 0) throw new AppError('missing_inputs', { missing })
    const queued = dispatch.queued() + opening
    if (queued >= deps.maxQueuedRuns) throw new AppError('queue_full', { queued })

    const at = Date.now()
    const run: Run = {
      id: randomUUID(),
      crew: name,
      status: 'queued',
      inputs: { ...crew.inputs, ...inputs },
      meta,
      webhooks,
      epoch: 0,
      lastSeq: 1,
      crashes: 0,
      simulated,
      output: null,
      error: null,
      createdAt: at,
      startedAt: null,
      updatedAt: at,
      endedAt: null,
    }
    const tasks = crew.tasks.map((task) => task.name)
    opening += 1
    await journal.open(run, { fact: { type: 'run_queued', data: { tasks } }, at }).finally(() => {
      opening -= 1
    })
    dispatch.wake(run.id)
    return run
  }
}
