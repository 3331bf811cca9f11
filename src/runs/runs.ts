import type { Inputs } from '../crew/crew.ts'
import type { Progress } from './progress.ts'
import type { Run, RunStatus, RunSummary, Webhooks } from './run.ts'

export interface KickoffRequest {
  readonly crew: string
  readonly inputs: Inputs
  readonly meta: Readonly<Record<string, unknown>>
  readonly webhooks: Webhooks
}

export interface ResumeRequest {
  readonly runId: string
  /** Only a run of this crew; null: of any. */
  readonly crew: string | null
  /** Task name, or UUID of the request as its webhook sent it. */
  readonly taskId: string
  readonly approved: boolean
  readonly feedback: string
  /** The ones given replace the kickoff's; an absent key keeps it. */
  readonly webhooks: Partial<Webhooks>
}

export interface RunFilter {
  readonly crew?: string
  readonly status?: RunStatus
  /** 1 to 100. */
  readonly limit: number
  /** `nextCursor` of the page before. */
  readonly cursor?: string
}

/** A run and how far it is. */
export interface RunReport {
  readonly run: Run
  readonly progress: Progress
}

/** What can be done with runs; HTTP routes and CLI are given this. */
export interface Runs {
  /**
   * Checks the inputs and records the run; it is executed in the background.
   *
   * @throws AppError `crew_not_found`, `missing_inputs`, `queue_full`, `shutting_down`
   */
  kickoff(request: KickoffRequest): Promise<Run>
  /**
   * @param crew only a run of this crew; null: of any
   * @throws AppError `run_not_found`
   */
  report(runId: string, crew: string | null): Promise<RunReport>
  /**
   * Newest first.
   *
   * @throws AppError `bad_request` when the cursor is not one of ours
   */
  list(
    filter: RunFilter,
  ): Promise<{ readonly runs: readonly RunSummary[]; readonly nextCursor: string | null }>
  /**
   * Answers the question a run waits with: the run goes on (approved), or does the task again with the feedback.
   *
   * @throws AppError `run_not_found`, `task_not_found`, `not_waiting` (also when someone else answered first)
   */
  resume(request: ResumeRequest): Promise<Run>
  /**
   * Ends a run that has not ended; calls in flight are aborted.
   *
   * @throws AppError `run_not_found`, `already_ended`
   */
  stop(runId: string, crew: string | null): Promise<Run>
}
