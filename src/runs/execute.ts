import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Crew } from '../crew/crew.ts'
import { Interruption } from '../crew/host.ts'
import { runCrew } from '../crew/run-crew.ts'
import type { Commit } from '../db/database.ts'
import type { Execute } from '../dispatch/dispatch.ts'
import { messageOf } from '../errors.ts'
import type { Model } from '../llm/model.ts'
import { type DurableHost, durableHost, JournalFailed, WaitForHuman } from './durable-host.ts'
import { endingOf } from './ending.ts'
import type { RunFact } from './event.ts'
import type { Journal } from './journal.ts'
import type { Run } from './run.ts'
import { claimRun, type RunPatch } from './store.ts'

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
    const run = await deps.commit((tx) => claimRun(tx, runId, Date.now()))
    if (run === undefined) return
    const controller = new AbortController()
    const onGiveUp = () => controller.abort(new Interruption('The server shuts down'))
    giveUp.addEventListener('abort', onGiveUp, { once: true })
    deps.driven.set(runId, controller)
    try {
      await drive(deps, run, { signal: controller.signal, drain })
    } finally {
      deps.driven.delete(runId)
      giveUp.removeEventListener('abort', onGiveUp)
    }
  }
}

async function drive(
  { journal, crews, model, log }: ExecuteDeps,
  run: Run,
  signals: { readonly signal: AbortSignal; readonly drain: AbortSignal },
): Promise<void> {
  const runLog = log.child({ runId: run.id, crew: run.crew })
  const memory = await journal.recall(run.id)
  const host = durableHost({ run, journal, memory, model, ...signals })
  try {
    const output = await runCrew(crewOf(crews, run), run.inputs, host)
    await end(journal, host, run, { status: 'completed', output: output.raw })
    runLog.info('run completed')
  } catch (error) {
    if (error instanceof WaitForHuman) {
      await wait(journal, host, run, error)
      runLog.info({ task: error.question.task }, 'run waits for a person')
    } else if (error instanceof JournalFailed) throw error
    else if (error instanceof Interruption) runLog.info({ reason: error.message }, 'run left')
    else {
      await end(journal, host, run, { status: 'failed', error: messageOf(error) })
      runLog.warn({ err: error }, 'run failed')
    }
  }
}

function crewOf(crews: ReadonlyMap<string, Crew>, run: Run): Crew {
  const crew = crews.get(run.crew)
  if (crew === undefined) throw new Error(`The crew ${run.crew} is not served here any more.`)
  return crew
}

type Outcome =
  | { readonly status: 'completed'; readonly output: string }
  | { readonly status: 'failed'; readonly error: string }

async function end(journal: Journal, host: DurableHost, run: Run, outcome: Outcome): Promise<void> {
  await host.flush()
  const at = Date.now()
  const ending = endingOf(run, await journal.read(run.id), at)
  const fact: RunFact =
    outcome.status === 'completed'
      ? { type: 'crew_kickoff_completed', data: { ...ending, output: outcome.output } }
      : { type: 'crew_kickoff_failed', data: { ...ending, error: outcome.error } }
  const patch: RunPatch = { ...outcome, endedAt: at }
  await journal.append(run, [{ fact, at }], patch)
}

async function wait(
  journal: Journal,
  host: DurableHost,
  run: Run,
  { question }: WaitForHuman,
): Promise<void> {
  await host.flush()
  const data = { requestId: randomUUID(), ...question }
  const fact: RunFact = { type: 'human_feedback_requested', data }
  await journal.append(run, [{ fact, at: Date.now() }], { status: 'waiting' })
}
