import type { Catalog, Served } from '../../crew/catalog.ts'
import { parted } from '../../crew/inputs/sensitive.ts'
import { settleInputs } from '../../crew/inputs/settle-inputs.ts'
import type { Dispatch } from '../../dispatch/dispatch.ts'
import { AppError } from '../../errors.ts'
import { type ChangedCode, obstacleOf } from '../changed-code.ts'
import type { Definitions } from '../definitions.ts'
import type { InputVault } from '../input-vault.ts'
import type { Journal } from '../journal/journal.ts'
import { NO_WEBHOOKS, newRun, type SealWebhooks } from '../run.ts'
import type { Runs } from '../runs.ts'

export interface KickoffDeps {
  readonly journal: Journal
  readonly dispatch: Dispatch
  readonly catalog: Catalog
  readonly definitions: Definitions
  readonly maxQueuedRuns: number
  readonly isSimulated: (crew: string) => boolean
  readonly changedCode: ChangedCode
  readonly sealWebhooks: SealWebhooks
  readonly inputVault: InputVault
  /** False while the server shuts down. */
  readonly isAccepting: () => boolean
}

/** See {@link Runs.kickoff}. */
export function createKickoff(deps: KickoffDeps): Runs['kickoff'] {
  const { journal, dispatch, catalog, definitions } = deps
  // Accepted and not yet recorded, so not yet known to dispatch.
  let opening = 0
  return async ({ crew: name, meta, webhooks, ...request }) => {
    if (!deps.isAccepting()) throw new AppError('shutting_down')
    const served = catalog.get(name)
    if (served === undefined)
      throw new AppError('crew_not_found', { crew: name, known: catalog.names })
    const { crew, version, codeHash } =
      request.version === undefined ? served : await pinned(served, request.version, deps)
    const { told, secrets } = parted(crew, settleInputs(crew, request.inputs))
    const queued = dispatch.queued() + opening
    if (queued >= deps.maxQueuedRuns) throw new AppError('queue_full', { queued })

    const simulated = deps.isSimulated(name)
    const given = { crew: name, version, codeHash, simulated, meta, webhooks: NO_WEBHOOKS }
    const silent = newRun({ ...given, inputs: told }, Date.now())
    const sealed = deps.sealWebhooks(silent.id, webhooks)
    const run = {
      ...silent,
      webhooks: { ...NO_WEBHOOKS, ...sealed },
      sealedInputs: secrets && deps.inputVault.seal(silent.id, secrets),
    }
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

/** The version that a kickoff asks for, when a run of it can be started. */
async function pinned(
  served: Served,
  wanted: string,
  { definitions, changedCode }: KickoffDeps,
): Promise<Served> {
  const { name: crew } = served.crew
  const version = await definitions.find(served, wanted)
  if (version === undefined) throw new AppError('version_not_found', { crew, version: wanted })
  const obstacle = obstacleOf(version, served, changedCode)
  if (obstacle !== null)
    throw new AppError('version_not_runnable', { crew, version: wanted, reason: obstacle })
  return version
}
