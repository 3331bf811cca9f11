import type { Change } from '../crew/changes.ts'
import type { Contract } from '../crew/contract.ts'
import type { Inputs } from '../crew/crew.ts'
import type { OpenQuestion } from './progress.ts'
import type { Run, RunStatus, RunSummary, Webhooks } from './run.ts'
import type { TaskTexts } from './texts.ts'

export interface KickoffRequest {
  readonly crew: string
  /** Hash or label of the version to run. Default: the one that is served. */
  readonly version?: string
  readonly inputs: Inputs
  readonly meta: Readonly<Record<string, unknown>>
  readonly webhooks: Webhooks
}

export interface ResumeRequest {
  readonly runId: string
  /** Only a run of this crew; null: of any. */
  readonly crew: string | null
  /** Task name, or UUID of the question as its webhook sent it. */
  readonly taskId: string
  /** Of what the answerer saw; null: they did not say. */
  readonly digest: string | null
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

/** A text that is long, and so is still where it was recorded. */
interface OutputRef {
  /** Key of the step whose output it is. */
  readonly outputStep: string
}

/** A finished task as a reader sees it. */
export interface FinishedTask {
  readonly name: string
  /** Role of the agent that did it; in a hierarchical crew the manager's. */
  readonly agent: string
  /** Null: it was not asked for, and is long. */
  readonly output: string | OutputRef | null
  /** From the start to the end, without waits for a person. */
  readonly executionTimeMs: number
}

/** The newest thing an agent did, with its texts. */
export interface ShownStep {
  readonly type: 'tool' | 'final_answer'
  readonly task: string
  /** Role of the agent. */
  readonly agent: string
  /** What the agent said when it called the tool; its answer. */
  readonly thought: string
  readonly tool: string | null
  /** JSON text. */
  readonly toolInput: string | null
  readonly result: string | null
  /** ms since the epoch. */
  readonly at: number
}

/** What a person is asked. */
export interface ShownQuestion {
  readonly kind: OpenQuestion['kind']
  readonly requestId: string
  readonly task: string
  /** Role of the agent. */
  readonly agent: string
  /** Of the task, inputs filled in. */
  readonly description: string
  /** The answer to be judged. */
  readonly output: string
  /** Of what is shown. */
  readonly digest: string
  /** ms since the epoch. */
  readonly askedAt: number
}

/** A run and how far it is. */
export interface RunReport {
  readonly run: Run
  readonly totalTasks: number
  /** The task that goes on or waits, with the role of its agent; null before the first, between two, and after the last. */
  readonly current: { readonly task: string; readonly agent: string } | null
  /** Finished ones, in order. */
  readonly tasks: readonly FinishedTask[]
  readonly lastTask: (FinishedTask & TaskTexts) | null
  readonly lastStep: ShownStep | null
  readonly question: ShownQuestion | null
  /** Null until completed. */
  readonly output: string | null
}

/** What a webhook tells: an event with its texts. */
export type RunMessage =
  | {
      readonly kind: 'task'
      readonly run: Run
      readonly at: number
      readonly task: FinishedTask & TaskTexts & { readonly output: string }
      readonly summary: string
    }
  | { readonly kind: 'step'; readonly run: Run; readonly step: ShownStep }
  | { readonly kind: 'human_input'; readonly run: Run; readonly question: ShownQuestion }
  | { readonly kind: 'crew'; readonly at: number; readonly report: RunReport }

/** A version of a crew that has been served. */
export interface VersionReport {
  /** Its hash. */
  readonly version: string
  readonly label: string | null
  /** Of the crew's code when it was served for the last time; empty: it brought none. */
  readonly codeHash: string
  /** ms since the epoch. */
  readonly firstServedAt: number
  /** Kickoffs that ask for no version get it. */
  readonly isServed: boolean
  /** Why no run of it can be started, as the end of a sentence; null: one can. */
  readonly obstacle: string | null
  readonly contract: Contract
  /** Hash of the version that it took the place of; null: it was the first. */
  readonly previous: string | null
  /** Against that one. */
  readonly changes: readonly Change[]
  /** What callers of that one cannot rely on any more. */
  readonly breaks: readonly string[]
}

interface VersionFilter {
  readonly crew: string
  /** 1 to 100. */
  readonly limit: number
  /** `nextCursor` of the page before. */
  readonly cursor?: string
}

/** What can be done with runs; HTTP routes and CLI are given this. */
export interface Runs {
  /**
   * Checks the inputs and records the run; it is executed in the background.
   *
   * @throws AppError `crew_not_found`, `version_not_found`, `version_not_runnable`, `validation_failed` (an input
   * that is not what the crew declares, or under two names), `missing_inputs`, `queue_full`, `shutting_down`
   */
  kickoff(request: KickoffRequest): Promise<Run>
  /**
   * @param crew only a run of this crew; null: of any
   * @throws AppError `run_not_found`
   */
  find(runId: string, crew: string | null): Promise<Run>
  /**
   * How far a run is, as it was when it was found.
   *
   * @param options.withOutputs true: refers to outputs that are long also while the run goes on. Default false
   */
  report(run: Run, options?: { readonly withOutputs?: boolean }): Promise<RunReport>
  /** The output of a step, without sensitive inputs; empty when it has none. */
  output(runId: string, step: string): Promise<string>
  /** The inputs in full, sensitive ones as stars. */
  inputs(runId: string): Promise<Inputs>
  /** What is told of an event. @throws AppError `run_not_found`; Error when nobody is told of such an event */
  message(runId: string, seq: number): Promise<RunMessage>
  /**
   * Newest first.
   *
   * @throws AppError `bad_request` when the cursor is not one of ours
   */
  list(
    filter: RunFilter,
  ): Promise<{ readonly runs: readonly RunSummary[]; readonly nextCursor: string | null }>
  /**
   * The versions of a crew that have been served, newest first.
   *
   * @throws AppError `crew_not_found`; `bad_request` when the cursor is not one of ours
   */
  versions(filter: VersionFilter): Promise<{
    readonly versions: readonly VersionReport[]
    readonly nextCursor: string | null
  }>
  /**
   * Answers the question a run waits with: the run goes on (approved), or does the task again with the feedback.
   *
   * @throws AppError `run_not_found`, `task_not_found`, `not_waiting` (also when someone else answered first),
   * `stale_answer`
   */
  resume(request: ResumeRequest): Promise<Run>
  /**
   * Ends a run that has not ended; calls in flight are aborted.
   *
   * @throws AppError `run_not_found`, `already_ended`
   */
  stop(runId: string, crew: string | null): Promise<Run>
  /**
   * Lets a failed run go on from its last finished step, with the definition it was started with. What failed it is
   * done again, and whoever is told of its end is told of the new one.
   *
   * @throws AppError `run_not_found`, `not_failed`, `crew_not_found`, `queue_full`, `shutting_down`
   */
  retry(runId: string): Promise<Run>
}
