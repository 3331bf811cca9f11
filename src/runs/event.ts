import type { CrewEvent } from '../crew/events.ts'
import type { TaskOutput } from '../crew/output.ts'
import type { Usage } from '../llm/model.ts'

/** Facts about a run that the runtime does not know: they come from outside, or end it. */
type LifecycleEvent =
  | { type: 'run_queued'; data: { tasks: readonly string[] } }
  | { type: 'human_feedback_requested'; data: HumanFeedbackRequested }
  | { type: 'human_feedback_received'; data: HumanFeedbackReceived }
  | { type: 'crew_kickoff_completed'; data: RunEnded & { output: string } }
  | { type: 'crew_kickoff_failed'; data: RunEnded & { error: string } }
  | { type: 'run_stopped'; data: RunEnded & { error: string } }

export interface HumanFeedbackRequested {
  /** UUID of the request. */
  readonly requestId: string
  /** Step key under which the answer is recorded. */
  readonly key: string
  readonly task: string
  readonly agent: string
  /** The answer to be judged. */
  readonly output: string
}

interface HumanFeedbackReceived {
  readonly requestId: string
  readonly task: string
  readonly approved: boolean
  readonly feedback: string
  readonly waitedMs: number
}

export interface RunEnded {
  /** Outputs of the finished tasks, also when the run failed. */
  readonly tasks: readonly TaskOutput[]
  readonly usage: Usage
  readonly simulated: boolean
  /** From the start to the end, without waits for a person. */
  readonly executionTimeMs: number
}

/** What is said; {@link RunEvent} is what was recorded of it. */
export type RunFact = CrewEvent | LifecycleEvent

/** A row of the journal. */
export type RunEvent = RunFact & {
  /** From 1, without gaps. */
  readonly seq: number
  /** ms since the epoch. */
  readonly at: number
}
