import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Catalog } from '../../crew/catalog.ts'
import { Interruption, type Question } from '../../crew/host.ts'
import type { Mask } from '../../crew/inputs/sensitive.ts'
import type { CrewOutput } from '../../crew/output.ts'
import type { Commit, Database } from '../../db/database.ts'
import type { Health } from '../../db/health.ts'
import type { Dispatch, Execute } from '../../dispatch/dispatch.ts'
import { messageOf } from '../../errors.ts'
import type { Model } from '../../llm/model.ts'
import type { ModelChoice } from '../../llm/model-choice.ts'
import { runCrew } from '../../runtime/run-crew.ts'
import { capText } from '../../tools/cap-text.ts'
import type { ChangedCode } from '../changed-code.ts'
import type { Definitions } from '../definitions.ts'
import type { RunFact } from '../event.ts'
import { type InputVault, maskOf, secretsOf } from '../input-vault.ts'
import { claimRun, findRetryAt, postponeRun } from '../journal/claims.ts'
import type { Journal } from '../journal/journal.ts'
import type { Run, RunWithInputs } from '../run.ts'
import { MAX_CRASHES } from './crashes.ts'
import { durableHost, WaitForAnswer, WaitForRetry } from './durable-host.ts'
import { createMeetCode } from './meet-code.ts'
import { createRecorder, JournalFailed, type Recorder } from './recorder.ts'

export interface ExecuteDeps {
  readonly db: Database['db']
  readonly commit: Commit
  readonly dispatch: Dispatch
  readonly journal: Journal
  readonly health: Health
  readonly catalog: Catalog
  readonly definitions: Definitions
  readonly model: (choice: ModelChoice, crew: string) => Model
  readonly changedCode: ChangedCode
  readonly inputVault: InputVault
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
    const { names } = deps.catalog
    const run = await deps.commit((tx) => claimRun(tx, runId, names, Date.now()))
    if (run === undefined) return wakeForRetry(deps, runId)
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

/** A run that is postponed cannot be claimed before its time, which may be farther off than a timer can be set. */
async function wakeForRetry({ db, dispatch }: ExecuteDeps, runId: string): Promise<void> {
  const retryAt = await findRetryAt(db, runId)
  if (retryAt !== null) dispatch.wakeLater(runId, retryAt - Date.now())
}

async function drive(
  deps: ExecuteDeps,
  run: RunWithInputs,
  signals: { readonly signal: AbortSignal; readonly drain: AbortSignal },
): Promise<void> {
  const { journal, health, catalog, definitions, inputVault, changedCode, log } = deps
  const runLog = log.child({ runId: run.id, crew: run.crew })
  const crew = await definitions.crewOf(run)
  const memory = await journal.recall(run)
  const mask = maskOf(run, inputVault)
  const recorder = createRecorder({ run, journal, health, mask, signal: signals.signal })
  const { id: runId, meta } = run
  const { postponed } = run.progress
  const model = (choice: ModelChoice) => deps.model(choice, run.crew)
  const hasBegun = memory.size > 0
  const meeting = { run, crew, catalog, hasBegun, recorder, changedCode, log: runLog }
  const meetCode = createMeetCode(meeting)
  const parts = { runId, meta, recorder, memory, postponed, model, meetCode }
  const host = durableHost({ ...parts, ...signals })
  const runToEnd = async () => {
    await meetCode()
    return runCrew(crew, { ...run.inputs, ...secretsOf(run, inputVault) }, host)
  }
  try {
    const outcome = run.crashes < MAX_CRASHES ? await outcomeOf(runToEnd) : CRASHED
    if (outcome.status === 'postponed') return await postpone(deps, { run, recorder, outcome })
    await record(recorder, outcome)
    const { status } = outcome
    if (status === 'failed') runLog.warn(toldCause(run, outcome, mask), 'run failed')
    else runLog.info({ status }, `run ${status}`)
  } catch (error) {
    // What kept the journal from being written may pass: dispatch tries again.
    if (error instanceof JournalFailed || !(error instanceof Interruption)) throw error
    runLog.info({ reason: error.message }, 'run left')
  }
}

/** An error holds more than its text: of a run that has secrets only that is told, without them. */
function toldCause(
  { sealedInputs }: Run,
  { error, cause }: Extract<Outcome, { status: 'failed' }>,
  mask: Mask,
): object {
  return sealedInputs === null ? { err: cause } : { reason: mask(error) }
}

interface Postponing {
  readonly run: Run
  readonly recorder: Recorder
  readonly outcome: Extract<Outcome, { status: 'postponed' }>
}

/** Gives the place of the run to others until then. What keeps it from going on is said already. */
async function postpone(
  { commit, dispatch, log }: ExecuteDeps,
  { run, recorder, outcome: { retryAt } }: Postponing,
): Promise<void> {
  await recorder.write()
  if (!(await commit((tx) => postponeRun(tx, run, retryAt)))) return
  dispatch.wakeLater(run.id, retryAt - Date.now())
  const { id: runId, crew } = run
  log.info({ runId, crew, retryAt: new Date(retryAt).toISOString() }, 'run postponed')
}

type Outcome =
  | { readonly status: 'completed'; readonly outputStep: string }
  | { readonly status: 'failed'; readonly error: string; readonly cause: unknown }
  | { readonly status: 'waiting'; readonly question: Question }
  | { readonly status: 'postponed'; readonly retryAt: number }

const CRASHED: Outcome = {
  status: 'failed',
  error: `The server ended ${MAX_CRASHES} times while it was driving this run, each time before another step was finished.`,
  cause: null,
}

/** Of the error that stands on a run's row. */
const MAX_ERROR_CHARACTERS = 10_000

async function outcomeOf(runToEnd: () => Promise<CrewOutput>): Promise<Outcome> {
  try {
    return { status: 'completed', outputStep: (await runToEnd()).outputStep }
  } catch (error) {
    if (error instanceof WaitForAnswer) return { status: 'waiting', question: error.question }
    if (error instanceof WaitForRetry) return { status: 'postponed', retryAt: error.retryAt() }
    if (error instanceof Interruption) throw error
    return {
      status: 'failed',
      error: capText(messageOf(error), MAX_ERROR_CHARACTERS),
      cause: error,
    }
  }
}

/** @throws Interruption when somebody else decided about the run first */
async function record(
  recorder: Recorder,
  outcome: Exclude<Outcome, { status: 'postponed' }>,
): Promise<void> {
  if (outcome.status === 'waiting') {
    const { output: _, ...question } = outcome.question
    const data = { requestId: randomUUID(), ...question }
    return recorder.conclude({ type: 'human_feedback_requested', data }, { status: 'waiting' })
  }
  const endedAt = recorder.now()
  if (outcome.status === 'completed') {
    const { status, outputStep } = outcome
    const fact: RunFact = { type: 'crew_kickoff_completed', data: { outputStep } }
    return recorder.conclude(fact, { status, endedAt })
  }
  const { status, error } = outcome
  return recorder.conclude(
    { type: 'crew_kickoff_failed', data: { error } },
    { status, error, endedAt },
  )
}
