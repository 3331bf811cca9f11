import type { CrewEvent } from '../../src/crew/events.ts'
import {
  type CrewHost,
  type HumanAnswer,
  type HumanQuestion,
  Interruption,
} from '../../src/crew/host.ts'
import type { Model } from '../../src/llm/model.ts'

/** What is left of a run between two executions: as in the journal, everything is JSON. */
export interface Memory {
  readonly results: Map<string, string>
  readonly facts: Map<string, number>
  readonly answers: Map<string, HumanAnswer>
  readonly events: CrewEvent[]
  /** The question the run waits with. */
  question: HumanQuestion | null
}

export function emptyMemory(): Memory {
  return { results: new Map(), facts: new Map(), answers: new Map(), events: [], question: null }
}

/**
 * One execution of a run over what earlier ones left.
 *
 * @param options.newSteps so many steps are really run; the next one interrupts the run instead
 */
export function rememberingHost(
  memory: Memory,
  options: { model(llm: string | null): Model; newSteps?: number },
): CrewHost {
  const keys = new Set<string>()
  let stepsLeft = options.newSteps ?? Number.POSITIVE_INFINITY
  const { signal } = new AbortController()

  function take(key: string): void {
    if (keys.has(key)) throw new Error(`The key ${key} was used twice`)
    keys.add(key)
  }

  return {
    runId: 'run-1',
    signal,
    model: options.model,
    async step({ key, effect, event }) {
      take(key)
      const known = memory.results.get(key)
      if (known !== undefined) return JSON.parse(known)
      if (stepsLeft === 0) throw new Interruption(`Interrupted before ${key}`)
      stepsLeft -= 1
      const result = await effect(signal)
      memory.results.set(key, JSON.stringify(result))
      memory.events.push(event(result))
      return result
    },
    emit(key, event) {
      take(key)
      const known = memory.facts.get(key)
      if (known !== undefined) return known
      const at = Date.now()
      memory.facts.set(key, at)
      memory.events.push(event)
      return at
    },
    async askHuman(question) {
      take(question.key)
      const answer = memory.answers.get(question.key)
      if (answer) return answer
      memory.question = question
      throw new Interruption('Waits for a person')
    },
  }
}
