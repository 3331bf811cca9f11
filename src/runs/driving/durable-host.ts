import type { CrewEvent } from '../../crew/events.ts'
import {
  type CrewHost,
  Interruption,
  Postponed,
  type Question,
  type Recorded,
  type Step,
} from '../../crew/host.ts'
import type { Model } from '../../llm/model.ts'
import type { ModelChoice } from '../../llm/model-choice.ts'
import { countForgotten } from '../journal/forget.ts'
import type { Remembered } from '../journal/journal.ts'
import type { PostponedStep } from '../progress.ts'
import type { MeetCode } from './meet-code.ts'
import type { Recorder } from './recorder.ts'

/** The run asks a person and cannot go on without the answer. */
export class WaitForAnswer extends Interruption {
  override readonly name = 'WaitForAnswer'
  readonly question: Question

  constructor(question: Question) {
    super(`Task ${question.task} waits for a person`)
    this.question = question
  }
}

/** A step of the run was postponed, and the run cannot go on without it. */
export class WaitForRetry extends Interruption {
  override readonly name = 'WaitForRetry'
  /** When the first of its postponed steps is to be done again, in ms since the epoch; asked when the run has been left. */
  readonly retryAt: () => number

  constructor(retryAt: () => number) {
    super('A step is postponed')
    this.retryAt = retryAt
  }
}

interface DurableHostOptions {
  readonly runId: string
  readonly meta: Readonly<Record<string, unknown>>
  readonly recorder: Recorder
  /** What the run recorded before. */
  readonly memory: ReadonlyMap<string, Remembered>
  /** Steps that it postponed before, and has not done. */
  readonly postponed: readonly PostponedStep[]
  readonly model: (choice: ModelChoice) => Model
  /** Asked before the code of the crew is called. */
  readonly meetCode: MeetCode
  /** Aborted: calls in flight are given up. Its reason is an `Interruption`. */
  readonly signal: AbortSignal
  /** Aborted: calls in flight finish, none begins. */
  readonly drain: AbortSignal
}

/**
 * A CrewHost over the journal: what is recorded returns at once, any other step is done and then recorded.
 *
 * What is said is written with the result that it follows from, and at the latest before the next effect begins. So a
 * step costs one commit, and nothing is done whose cause is not on disk.
 */
export function durableHost(options: DurableHostOptions): CrewHost {
  const { runId, meta, recorder, memory, postponed, model, signal, drain } = options

  function recall<Event extends CrewEvent>(key: string): Recorded<Event> | null {
    const known = memory.get(key)
    // The key is the same, so what was recorded under it has the event's type.
    return known === undefined ? null : ({ ...known, event: known.fact } as never)
  }

  const forgotten = countForgotten(memory.keys())
  // Of several steps side by side, each may be postponed.
  let earliestRetryAt = Number.POSITIVE_INFINITY
  function leaveUntil(retryAt: number): WaitForRetry {
    earliestRetryAt = Math.min(earliestRetryAt, retryAt)
    return new WaitForRetry(() => earliestRetryAt)
  }

  async function perform<Event extends CrewEvent>({ key, started, effect }: Step<Event>) {
    const isRepeat = memory.has(`${key}/started`)
    const failing = postponed.find(({ step }) => step === key) ?? null
    if (started.type === 'tool_usage_started') await options.meetCode()
    signal.throwIfAborted()
    if (drain.aborted) throw new Interruption('The server shuts down')
    // Another step of the run was due.
    if (failing !== null && failing.retryAt > Date.now()) throw leaveUntil(failing.retryAt)
    if (!isRepeat) recorder.say(`${key}/started`, { event: started, output: null })
    await recorder.write()
    signal.throwIfAborted()
    const context = { signal, isRepeat, retries: forgotten.get(key) ?? 0, failing }
    const fact = await effect(context).catch((error: unknown) => {
      if (signal.aborted) throw signal.reason
      if (!(error instanceof Postponed)) throw error
      recorder.say(null, { event: error.event, output: null })
      throw leaveUntil(error.event.data.retryAt)
    })
    const recorded = recorder.say(key, fact)
    // Not waited for: what follows from the result at once is written with it. Who writes next meets the error.
    recorder.write().catch(() => {})
    return recorded
  }

  return {
    runId,
    meta,
    signal,
    model,
    step: async (step) => recall(step.key) ?? perform(step),
    emit: (key, fact) => recall(key) ?? recorder.say(key, fact),
    async ask(question) {
      const { fact } = memory.get(question.key) ?? {}
      if (fact?.type !== 'human_feedback_received') throw new WaitForAnswer(question)
      const { approved, feedback, waitedMs } = fact.data
      return { approved, feedback, waitedMs }
    },
  }
}
