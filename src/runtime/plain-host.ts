import type { CrewEvent } from '../crew/events.ts'
import { type CrewHost, type HumanAnswer, type HumanQuestion, Interruption } from '../crew/host.ts'
import { orAborted } from '../llm/abort.ts'
import type { Model } from '../llm/model.ts'

export interface PlainHostOptions {
  readonly runId: string
  /** @param llm `provider/model`; null: the default model */
  model(llm: string | null): Model
  /** Ends the run when aborted. */
  readonly signal?: AbortSignal
  onEvent?(event: CrewEvent): void
  /** Without it, a task that asks a person fails. */
  askHuman?(question: HumanQuestion): Promise<Pick<HumanAnswer, 'approved' | 'feedback'>>
}

/**
 * A host that keeps nothing, for the CLI and for tests. Like the durable host it relies on unique keys, so it throws
 * when the runtime uses one twice.
 */
export function plainHost(options: PlainHostOptions): CrewHost {
  const keys = new Set<string>()
  const signal = interruptedBy(options.signal)

  function take(key: string): void {
    if (keys.has(key)) throw new Error(`The key ${key} was used twice; every step needs its own.`)
    keys.add(key)
  }

  return {
    runId: options.runId,
    signal,
    model: (llm) => options.model(llm),
    async step({ key, effect, event }) {
      take(key)
      signal.throwIfAborted()
      const result = await effect(signal)
      options.onEvent?.(event(result))
      return result
    },
    emit(key, event) {
      take(key)
      options.onEvent?.(event)
      return Date.now()
    },
    async askHuman(question) {
      take(question.key)
      if (!options.askHuman) throw new Error('it asks a person, and nobody can be asked here')
      const askedAt = Date.now()
      const answer = await orAborted(options.askHuman(question), signal)
      return { ...answer, waitedMs: Date.now() - askedAt }
    },
  }
}

/** The host's signal promises an Interruption as reason, whatever the outer one was aborted with. */
function interruptedBy(outer: AbortSignal | undefined): AbortSignal {
  const controller = new AbortController()
  const abort = () =>
    controller.abort(new Interruption('The run was stopped', { cause: outer?.reason }))
  if (outer?.aborted) abort()
  outer?.addEventListener('abort', abort, { once: true })
  return controller.signal
}
