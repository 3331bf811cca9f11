import type { CrewEvent } from '../crew/events.ts'
import {
  type Answer,
  type CrewHost,
  type Fact,
  Interruption,
  Postponed,
  type Question,
  type Step,
} from '../crew/host.ts'
import { orAborted, wait } from '../llm/abort.ts'
import type { Failing, Model } from '../llm/model.ts'
import type { ModelChoice } from '../llm/model-choice.ts'

export interface PlainHostOptions {
  readonly runId: string
  /** For tools. Default: empty. */
  readonly meta?: Readonly<Record<string, unknown>>
  model(choice: ModelChoice): Model
  /** Ends the run when aborted. */
  readonly signal?: AbortSignal
  /** @param output the text that the event brought; null: none */
  onEvent?(event: CrewEvent, output: string | null): void
  /** Waits until a step that was postponed is to be done again. Default: a timer. */
  readonly wait?: typeof wait
  /** Without it, a task that asks a person fails. */
  ask?(question: Question): Promise<Pick<Answer, 'approved' | 'feedback'>>
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

  function record<Event extends CrewEvent>(fact: Fact<Event>) {
    options.onEvent?.(fact.event, fact.output)
    return { ...fact, at: Date.now() }
  }

  /** There is nobody else to make room for, so a step that is postponed is waited for here. */
  async function perform<Event extends CrewEvent>(
    effect: Step<Event>['effect'],
  ): Promise<Fact<Event>> {
    let failing: Failing | null = null
    for (;;)
      try {
        return await effect({ signal, isRepeat: false, retries: 0, failing })
      } catch (error) {
        if (!(error instanceof Postponed)) throw error
        record({ event: error.event, output: null })
        const { since, attempts, retryAt } = error.event.data
        failing = { since, attempts }
        await (options.wait ?? wait)(retryAt - Date.now(), signal)
      }
  }

  return {
    runId: options.runId,
    meta: options.meta ?? {},
    signal,
    model: (choice) => options.model(choice),
    async step({ key, started, effect }) {
      take(key)
      signal.throwIfAborted()
      record({ event: started, output: null })
      return record(await perform(effect))
    },
    emit(key, fact) {
      take(key)
      return record(fact)
    },
    async ask(question) {
      take(question.key)
      if (!options.ask) throw new Error('it asks a person, and nobody can be asked here')
      const askedAt = Date.now()
      const answer = await orAborted(options.ask(question), signal)
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
