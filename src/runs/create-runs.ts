import type { Logger } from 'pino'
import type { Catalog, Served } from '../crew/catalog.ts'
import type { Database } from '../db/database.ts'
import type { Dispatch } from '../dispatch/dispatch.ts'
import type { Model } from '../llm/model.ts'
import type { ModelChoice } from '../llm/model-choice.ts'
import type { ChangedCode } from './changed-code.ts'
import { createDefinitions } from './definitions.ts'
import { recoveryDelayMs } from './driving/crashes.ts'
import { createExecute } from './driving/execute.ts'
import { type InputVault, maskOf } from './input-vault.ts'
import { countCrash, releaseRuns, unfinishedRuns } from './journal/claims.ts'
import { forgetFailures } from './journal/forget.ts'
import { createJournal, type Follower } from './journal/journal.ts'
import { findOutput } from './journal/read.ts'
import { findInputs } from './journal/store.ts'
import { createKickoff } from './operations/kickoff.ts'
import { createList } from './operations/list.ts'
import { createMessage } from './operations/message.ts'
import { createReport, getRun } from './operations/report.ts'
import { createResume } from './operations/resume.ts'
import { createRetry } from './operations/retry.ts'
import { type BrokenContract, recordServed } from './operations/serve.ts'
import { createStop } from './operations/stop.ts'
import { createVersions } from './operations/versions.ts'
import type { SealWebhooks } from './run.ts'
import type { Runs } from './runs.ts'

export interface RunsDeps {
  readonly database: Database
  readonly dispatch: Dispatch
  readonly catalog: Catalog
  /** @param crew whose choice it is */
  readonly model: (choice: ModelChoice, crew: string) => Model
  /** Whether the models of a crew are simulated. */
  readonly isSimulated: (crew: string) => boolean
  readonly maxQueuedRuns: number
  readonly changedCode: ChangedCode
  /** Write what follows from an event in its commit. */
  readonly followers: readonly Follower[]
  readonly sealWebhooks: SealWebhooks
  readonly inputVault: InputVault
  /** False while the server shuts down. */
  readonly isAccepting: () => boolean
  readonly log: Logger
}

/** Everything that can be done with runs, and the way to set them going. */
export interface RunsService extends Runs {
  /** Records that these are served from now on. Returns those that break what callers of the one before rely on. */
  serve(served: readonly Served[]): Promise<readonly BrokenContract[]>
  /** Drives runs from now on, first those that an earlier process left unfinished. Returns how many those are. */
  recover(): Promise<number>
  /** Drives the unfinished runs of crews that are served again. Returns how many those are. */
  revive(crews: readonly string[]): Promise<number>
  /** Gives back what is unfinished, once nothing is driven any more. Never fails: it must not keep anybody from ending. */
  release(): Promise<void>
}

export function createRuns(deps: RunsDeps): RunsService {
  const { database, dispatch, catalog } = deps
  const { db, commit, health } = database
  const driven = new Map<string, AbortController>()
  const parts = {
    ...deps,
    db,
    commit,
    health,
    journal: createJournal({ database, followers: [forgetFailures, ...deps.followers] }),
    definitions: createDefinitions(database, catalog),
    driven,
  }
  return {
    kickoff: createKickoff(parts),
    find: (runId, crew) => getRun(db, runId, crew),
    report: createReport(parts),
    async output(runId, step) {
      const mask = maskOf(await getRun(db, runId, null), deps.inputVault)
      return mask(await findOutput(db, runId, step))
    },
    inputs: (runId) => findInputs(db, runId),
    message: createMessage(parts),
    list: createList(db),
    resume: createResume(parts),
    stop: createStop(parts),
    versions: createVersions(parts),
    serve: (served) => recordServed(served, parts),
    retry: createRetry(parts),
    async recover() {
      await commit(countCrash)
      const unfinished = await unfinishedRuns(db)
      const served = unfinished.filter(({ crew }) => catalog.get(crew) !== undefined)
      for (const { id, crew } of unfinished.filter((run) => !served.includes(run)))
        deps.log.warn({ runId: id, crew }, 'unfinished run of a crew that is not served; it stays')
      wakeAll(dispatch, served)
      dispatch.start(createExecute(parts))
      return served.length
    },
    async revive(crews) {
      const unfinished = await unfinishedRuns(db)
      const left = unfinished.filter(({ id, crew }) => crews.includes(crew) && !driven.has(id))
      wakeAll(dispatch, left)
      return left.length
    },
    release: () =>
      commit(releaseRuns).catch((err: unknown) => {
        deps.log.error({ err }, 'unfinished runs could not be given back; this counts as a crash')
      }),
  }
}

function wakeAll(dispatch: Dispatch, runs: Awaited<ReturnType<typeof unfinishedRuns>>): void {
  const now = Date.now()
  for (const { id, crashes, retryAt } of runs)
    dispatch.wakeLater(id, retryAt === null ? recoveryDelayMs(crashes) : retryAt - now)
}
