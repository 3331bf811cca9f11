import type { Failing, Model } from '../llm/model.ts'
import type { ModelChoice } from '../llm/model-choice.ts'
import type { CrewEvent, CrewEventOf } from './events.ts'

/** A fact, with the text it brought. */
export interface Fact<Event extends CrewEvent = CrewEvent> {
  readonly event: Event
  /** Recorded here and nowhere else; null: it brought none. */
  readonly output: string | null
}

/** A fact as it was (first) recorded. */
export interface Recorded<Event extends CrewEvent = CrewEvent> extends Fact<Event> {
  /** ms since the epoch. */
  readonly at: number
}

/** An effect that must not be paid for twice: a model call, a tool call. */
export interface Step<Event extends CrewEvent> {
  /** Deterministic and unique in the run, e.g. `research_task/1/llm/3`. */
  readonly key: string
  /** Recorded before the effect begins. */
  readonly started: CrewEvent
  /** Really does it. One that throws {@link Postponed} is done again at that time. */
  effect(context: StepContext): Promise<Fact<Event>>
}

export interface StepContext {
  /** Aborted when the run is stopped or must be given up. */
  readonly signal: AbortSignal
  /** True: an earlier execution of the run began this effect, and nobody knows what came of it. */
  readonly isRepeat: boolean
  /** How often a person had the run go on after this effect had failed it. */
  readonly retries: number
  /** What came of the effect so far, when it was postponed; null: it was not. */
  readonly failing: Failing | null
}

/** What a person is asked. */
export interface Question {
  /** `review`: to judge the answer of a task. `tool_outcome`: whether to make a call again that may have been made. */
  readonly kind: 'review' | 'tool_outcome'
  /** Deterministic and unique in the run, e.g. `reply_task/1/human`. */
  readonly key: string
  readonly task: string
  /** Key of the agent. */
  readonly agent: string
  /** Key of the step whose output shall be judged. */
  readonly outputStep: string
  /** That output, for a host that shows it at once. */
  readonly output: string
  /** SHA-256 (the first 32 hex digits) of what is shown: description, output and round. */
  readonly digest: string
}

export interface Answer {
  readonly approved: boolean
  /** May be empty when approved. */
  readonly feedback: string
  /** From question to answer, in ms. */
  readonly waitedMs: number
}

/**
 * The runtime's only way to the world. Two implementations: over the journal (`runs/driving/durable-host.ts`), where
 * what is already recorded returns at once, and one that keeps nothing (`runtime/plain-host.ts`).
 *
 * Every key is derived from the crew and from earlier results alone, so that a run executed again from the top asks
 * for the same keys in the same order.
 */
export interface CrewHost {
  readonly runId: string
  /** As the kickoff brought it, for tools. */
  readonly meta: Readonly<Record<string, unknown>>
  /** Aborted when the run is stopped or must be given up; its reason is an {@link Interruption}. */
  readonly signal: AbortSignal
  /**
   * Does the step, once everything said before is on disk.
   *
   * @throws what the effect throws, which is not recorded; Interruption when the run cannot go on here
   */
  step<Event extends CrewEvent>(step: Step<Event>): Promise<Recorded<Event>>
  /** Says a fact, which is recorded once under its key. */
  emit<Event extends CrewEvent>(key: string, fact: Fact<Event>): Recorded<Event>
  /** @throws Interruption when there is no answer yet: the run waits, and is executed again with the answer */
  ask(question: Question): Promise<Answer>
  model(choice: ModelChoice): Model
}

/**
 * Leaves the runtime without being an error of the crew: the run waits, was stopped, or is taken over.
 * Code that turns errors into text for the model must let it pass.
 */
export class Interruption extends Error {
  override readonly name: string = 'Interruption'
}

/** An effect cannot be done now, and is to be done again later. */
export class Postponed extends Interruption {
  override readonly name = 'Postponed'
  readonly event: CrewEventOf<'llm_call_postponed'>

  constructor(event: Postponed['event']) {
    super(event.data.error)
    this.event = event
  }
}

/** Stands at the start of every catch that makes something else of an error: throws when it is an interruption. */
export function passInterruption(error: unknown, signal: AbortSignal): void {
  signal.throwIfAborted()
  if (error instanceof Interruption) throw error
}
