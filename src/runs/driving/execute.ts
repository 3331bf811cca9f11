import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Crew } from '../../crew/crew.ts'
import { type CrewHost, type HumanQuestion, Interruption } from '../../crew/host.ts'
import type { Commit } from '../../db/database.ts'
import type { Execute } from '../../dispatch/dispatch.ts'
import { messageOf } from '../../errors.ts'
import type { Model } from '../../llm/model.ts'
import { runCrew } from '../../runtime/run-crew.ts'
import { endingOf } from '../ending.ts'
import type { RunFact } from '../event.ts'
import type { Journal } from '../journal/journal.ts'
import { claimRun } from '../journal/store.ts'
import type { Run } from '../run.ts'
import { MAX_CRASHES } from './crashes.ts'
import { durableHost, JournalFailed, WaitForHuman } from './durable-host.ts'

export interface ExecuteDeps {
  readonly commit: Commit
  readonly journal: Journal
  readonly crews: ReadonlyMap<string, Crew>
  readonly model: (llm: string | null) => Model
  /** Runs that this process drives, with the way to break them off. */
  readonly driven: Map<string, AbortController>
  readonly log: Logger
}

/**
 * Drives a run: claims it, executes its crew from the top over the journal, and records how that went. A run that
 * was claimed before goes on where its journal ends.
 */
export function createExecute(deps: ExecuteDeps): Execute {
  return async (runId, { drain, giveUp }) => {
    const run = await deps.commit((tx) => claimRun(tx, runId, [...deps.crews.keys()], Date.now()))
    const crew = run && deps.crews.get(run.crew)
    if (run === undefined || crew === undefined) return
    const controller = new AbortController()
    const onGiveUp = () => controller.abort(new Interruption('The server shuts down'))
    giveUp.addEventListener('abort', onGiveUp, { once: true })
    deps.driven.set(runId, controller)
    try {
      await drive(deps, crew, run, { signal: controller.signal, drain })
    } finally {
      deps.driven.delete(runId)
      giveUp.removeEventListener('abort', onGiveUp)
    }
  }
}

async function drive(
  { journal, model, log }: ExecuteDeps,
  crew: Crew,
  run: Run,
  signals: { readonly signal: AbortSignal; readonly drain: AbortSignal },
): Promise<void> {
  const runLog = log.child({ runId: run.id, crew: run.crew })
  const memory = await journal.recall(run.id)
  const host = durableHost({ run, journal, memory, model, ...signals })
  try {
    const outcome = run.crashes < MAX_CRASHES ? await outcomeOf(crew, run, host) : CRASHED
    await host.flush()
    const { status } = outcome
    if (!(await record(journal, run, outcome))) return
    if (status === 'failed') runLog.warn({ err: outcome.cause }, 'run failed')
    else runLog.info({ status }, `run ${status}`)
  } catch (error) {
    // What kept the journal from being written may pass: dispatch tries again.
    if (error instanceof JournalFailed || !(error instanceof Interruption)) throw error
    runLog.info({ reason: error.message }, 'run left')
  }
}

type Outcome =
  | { readonly status: 'completed'; readonly output: string }
  | { readonly status: 'failed'; readonly error: string; readonly cause: unknown }
  | { readonly status: 'waiting'; readonly question: HumanQuestion }

const CRASHED: Outcome = {
  status: 'failed',
  error: `The server ended ${MAX_CRASHES} times while it was driving this run, each time before another step was finished. A tool may be the cause.`,
  cause: null,
}

async function outcomeOf(crew: Crew, run: Run, host: CrewHost): Promise<Outcome> {
  try {
    return { status: 'completed', output: (await runCrew(crew, run.inputs, host)).raw }
  } catch (error) {
    if (error instanceof WaitForHuman) return { status: 'waiting', question: error.question }
    if (error instanceof Interruption) throw error
    return { status: 'failed', error: messageOf(error), cause: error }
  }
}

/** False when somebody else decided about the run first. */
async function record(journal: Journal, run: Run, outcome: Outcome): Promise<boolean> {
  const at = Date.now()
  if (outcome.status === 'waiting') {
    const data = { requestId: randomUUID(), ...outcome.question }
    const fact: RunFact = { type: 'human_feedback_requested', data }
    return journal.append(run, [{ fact, at }], { status: 'waiting' })
  }
  const ending = endingOf(run, await journal.read(run.id), at)
  if (outcome.status === 'completed') {
    const { status, output } = outcome
    const fact: RunFact = { type: 'crew_kickoff_completed', data: { ...ending, output } }
    return journal.append(run, [{ fact, at }], { status, output, endedAt: at })
  }
  const { status, error } = outcome
  const fact: RunFact = { type: 'crew_kickoff_failed', data: { ...ending, error } }
  return journal.append(run, [{ fact, at }], { status, error, endedAt: at })
}
