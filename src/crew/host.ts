import type { Model } from '../llm/model.ts'
import type { CrewEvent } from './events.ts'

/** An effect that must not be paid for twice: a model call, a tool call. */
interface Step<T> {
  /** Deterministic and unique in the run, e.g. `research_task/1/llm/3`. */
  readonly key: string
  /** Really does it. Its result must survive JSON. */
  effect(signal: AbortSignal): Promise<T>
  /** The fact that is recorded with the result. */
  event(result: T): CrewEvent
}

export interface HumanQuestion {
  /** Deterministic and unique in the run, e.g. `reply_task/1/human`. */
  readonly key: string
  readonly task: string
  readonly agent: string
  /** The answer a person shall judge. */
  readonly output: string
}

export interface HumanAnswer {
  readonly approved: boolean
  /** May be empty when approved. */
  readonly feedback: string
  /** From question to answer, in ms. */
  readonly waitedMs: number
}

/**
 * The runtime's only way to the world. Two implementations: over the journal (`runs/durable-host.ts`), where a step
 * that is already recorded returns at once, and in memory (`crew/memory-host.ts`).
 *
 * Every key is derived from the crew and from earlier results alone, so that a run executed again from the top asks
 * for the same keys in the same order.
 */
export interface CrewHost {
  readonly runId: string
  /** Aborted when the run is stopped or must be given up; its reason is an {@link Interruption}. */
  readonly signal: AbortSignal
  /** @throws what the effect throws, which is not recorded; Interruption when the run cannot go on here */
  step<T>(step: Step<T>): Promise<T>
  /** Records a fact once under its key. Returns when it was (first) recorded, in ms since the epoch. */
  emit(key: string, event: CrewEvent): number
  /** @throws Interruption when there is no answer yet: the run waits, and is executed again with the answer */
  askHuman(question: HumanQuestion): Promise<HumanAnswer>
  /** @param llm `provider/model`; null: the default model */
  model(llm: string | null): Model
}

/**
 * Leaves the runtime without being an error of the crew: the run waits for a person, was stopped, or is taken over.
 * Code that turns errors into text for the model must let it pass.
 */
export class Interruption extends Error {
  override readonly name: string = 'Interruption'
}

/** Stands at the start of every catch that makes something else of an error: throws when it is an interruption. */
export function passInterruption(error: unknown, signal: AbortSignal): void {
  signal.throwIfAborted()
  if (error instanceof Interruption) throw error
}
