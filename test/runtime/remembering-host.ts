import type { CrewEvent } from '../../src/crew/events.ts'
import {
  type Answer,
  type CrewHost,
  Interruption,
  type Question,
  type Recorded,
} from '../../src/crew/host.ts'
import type { Model } from '../../src/llm/model.ts'
import type { ModelChoice } from '../../src/llm/model-choice.ts'

/** What is left of a run between two executions: as in the journal, everything is JSON. */
export interface Memory {
  /** Facts by their key, as JSON. */
  readonly facts: Map<string, string>
  /** Keys of the steps that were really done. */
  readonly steps: Set<string>
  readonly answers: Map<string, Answer>
  readonly events: CrewEvent[]
  /** The question the run waits with. */
  question: Question | null
}

export function emptyMemory(): Memory {
  return { facts: new Map(), steps: new Set(), answers: new Map(), events: [], question: null }
}

/**
 * One execution of a run over what earlier ones left.
 *
 * @param options.newSteps so many steps are really run; the next one interrupts the run instead
 */
export function rememberingHost(
  memory: Memory,
  options: { model(choice: ModelChoice): Model; newSteps?: number },
): CrewHost {
  const keys = new Set<string>()
  let stepsLeft = options.newSteps ?? Number.POSITIVE_INFINITY
  const { signal } = new AbortController()

  function take(key: string): void {
    if (keys.has(key)) throw new Error(`The key ${key} was used twice`)
    keys.add(key)
  }

  function record<Event extends CrewEvent>(
    key: string,
    fact: Omit<Recorded<Event>, 'at'>,
  ): Recorded<Event> {
    const known = memory.facts.get(key)
    if (known !== undefined) return JSON.parse(known)
    const recorded = { ...fact, at: Date.now() }
    memory.facts.set(key, JSON.stringify(recorded))
    memory.events.push(fact.event)
    return recorded
  }

  return {
    runId: 'run-1',
    meta: {},
    signal,
    model: options.model,
    async step({ key, started, effect }) {
      take(key)
      const known = memory.facts.get(key)
      if (known !== undefined) return JSON.parse(known)
      if (stepsLeft === 0) throw new Interruption(`Interrupted before ${key}`)
      stepsLeft -= 1
      const isRepeat = memory.facts.has(`${key}/started`)
      record(`${key}/started`, { event: started, output: null })
      const fact = await effect({ signal, isRepeat, retries: 0, failing: null })
      memory.steps.add(key)
      return record(key, fact)
    },
    emit(key, fact) {
      take(key)
      return record(key, fact)
    },
    async ask(question) {
      take(question.key)
      const answer = memory.answers.get(question.key)
      if (answer) return answer
      memory.question = question
      throw new Interruption('Waits for a person')
    },
  }
}
