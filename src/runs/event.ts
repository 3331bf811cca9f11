import type { CrewEvent } from '../crew/events.ts'
import type { Question } from '../crew/host.ts'

/** Facts about a run that the runtime does not know: they come from outside, or end it. */
interface RunEvents {
  run_queued: { readonly crew: string }
  /** The hashes of the code that the run has used so far, and of the code with which it goes on. */
  crew_code_changed: { readonly from: string; readonly to: string }
  human_feedback_requested: HumanFeedbackRequested
  human_feedback_received: HumanFeedbackReceived
  /** `outputStep`: key of the step whose output is the run's. */
  crew_kickoff_completed: { readonly outputStep: string }
  crew_kickoff_failed: { readonly error: string }
  run_stopped: { readonly error: string }
  /** It had failed, and goes on from its last finished step. */
  run_retried: RunRetried
}

export interface HumanFeedbackRequested {
  /** UUID of the question. */
  readonly requestId: string
  readonly kind: Question['kind']
  /** Step key under which the answer is recorded. */
  readonly key: string
  readonly task: string
  /** Key of the agent. */
  readonly agent: string
  /** Key of the step whose output is to be judged. */
  readonly outputStep: string
  /** Of what was shown. */
  readonly digest: string
}

interface HumanFeedbackReceived {
  readonly requestId: string
  readonly digest: string
  readonly task: string
  readonly approved: boolean
  readonly feedback: string
  readonly waitedMs: number
}

interface RunRetried {
  /** Why it had failed. */
  readonly error: string
  /** For how long, in ms. */
  readonly idleMs: number
}

type LifecycleEvent = {
  [Type in keyof RunEvents]: { readonly type: Type; readonly data: RunEvents[Type] }
}[keyof RunEvents]

/** What is said; {@link RunEvent} is what was recorded of it. */
export type RunFact = CrewEvent | LifecycleEvent

/** A row of the journal, without the output it may have. */
export type RunEvent = RunFact & {
  /** From 1, without gaps. */
  readonly seq: number
  /** ms since the epoch. */
  readonly at: number
  /** Of a step or a fact that is recorded once; null: of one that comes from outside. */
  readonly key: string | null
}

export type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>
