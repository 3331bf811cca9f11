import type { Logger } from 'pino'
import type { Crew } from '../crew/crew.ts'
import type { Database } from '../db/database.ts'
import type { Dispatch } from '../dispatch/dispatch.ts'
import type { Model } from '../llm/model.ts'
import { recoveryDelayMs } from './driving/crashes.ts'
import { createExecute } from './driving/execute.ts'
import { type AfterAppend, createJournal } from './journal/journal.ts'
import { countCrash, releaseRuns, unfinishedRuns } from './journal/store.ts'
import { createKickoff } from './operations/kickoff.ts'
import { createList } from './operations/list.ts'
import { createReport } from './operations/report.ts'
import { createResume } from './operations/resume.ts'
import { createStop } from './operations/stop.ts'
import type { Runs } from './runs.ts'

export interface RunsDeps {
  readonly database: Database
  readonly dispatch: Dispatch
  readonly crews: ReadonlyMap<string, Crew>
  readonly model: (llm: string | null) => Model
  readonly simulated: boolean
  readonly maxQueuedRuns: number
  readonly afterAppend: AfterAppend
  /** False while the server shuts down. */
  readonly isAccepting: () => boolean
  readonly log: Logger
}

/** Everything that can be done with runs, and the way to set them going. */
export interface RunsService extends Runs {
  /** Drives runs from now on, first those that an earlier process left unfinished. Returns how many those are. */
  recover(): Promise<number>
  /** Gives back what is unfinished, once nothing is driven any more. Never fails: it must not keep anybody from ending. */
  release(): Promise<void>
}

export function createRuns(deps: RunsDeps): RunsService {
  const { database, dispatch } = deps
  const { db, commit } = database
  const journal = createJournal(deps)
  const driven = new Map<string, AbortController>()
  const report = createReport(db, journal)
  return {
    kickoff: createKickoff({ ...deps, journal }),
    report,
    list: createList(db),
    resume: createResume({ journal, dispatch, report }),
    stop: createStop({ db, journal, dispatch, driven }),
    async recover() {
      await commit(countCrash)
      const unfinished = await unfinishedRuns(db)
      const served = unfinished.filter(({ crew }) => deps.crews.has(crew))
      for (const { id, crew } of unfinished.filter((run) => !served.includes(run)))
        deps.log.warn({ runId: id, crew }, 'unfinished run of a crew that is not served; it stays')
      for (const { id, crashes } of served) dispatch.wakeLater(id, recoveryDelayMs(crashes))
      dispatch.start(createExecute({ ...deps, commit, journal, driven }))
      return served.length
    },
    release: () =>
      commit(releaseRuns).catch((err: unknown) => {
        deps.log.error({ err }, 'unfinished runs could not be given back; this counts as a crash')
      }),
  }
}
