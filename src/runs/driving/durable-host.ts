import {
  type CrewHost,
  type HumanAnswer,
  type HumanQuestion,
  Interruption,
} from '../../crew/host.ts'
import type { Model } from '../../llm/model.ts'
import type { Entry, Journal, Recorded } from '../journal/journal.ts'
import type { Run } from '../run.ts'

/** The run asks a person and cannot go on without the answer. */
export class WaitForHuman extends Interruption {
  override readonly name = 'WaitForHuman'
  readonly question: HumanQuestion

  constructor(question: HumanQuestion) {
    super(`Task ${question.task} waits for a person`)
    this.question = question
  }
}

/** The journal could not be written; the run is executed again later. */
export class JournalFailed extends Interruption {
  override readonly name = 'JournalFailed'
}

interface DurableHostOptions {
  /** As claimed. */
  readonly run: Run
  readonly journal: Journal
  /** What the run recorded before. */
  readonly memory: ReadonlyMap<string, Recorded>
  readonly model: (llm: string | null) => Model
  /** Aborted: calls in flight are given up. Its reason is an `Interruption`. */
  readonly signal: AbortSignal
  /** Aborted: calls in flight finish, none begins. */
  readonly drain: AbortSignal
}

export interface DurableHost extends CrewHost {
  /** Resolves when everything said so far is recorded. */
  flush(): Promise<void>
}

/** A CrewHost over the journal: a step that is recorded returns at once, any other is done and then recorded. */
export function durableHost(options: DurableHostOptions): DurableHost {
  const { run, journal, memory, signal, drain } = options
  // Facts said since the last append. They are written with the next one, which saves a commit each.
  let said: Entry[] = []

  async function record(entry?: Entry): Promise<void> {
    const entries = entry === undefined ? said : [...said, entry]
    said = []
    if (entries.length === 0) return
    const isOurs = await journal.append(run, entries).catch((cause: unknown) => {
      throw new JournalFailed(`The journal of run ${run.id} could not be written`, { cause })
    })
    if (!isOurs) throw new Interruption('The run was decided about elsewhere')
  }

  return {
    runId: run.id,
    signal,
    model: options.model,
    flush: () => record(),

    async step(step) {
      const known = memory.get(step.key)
      // The key is the same, so what was recorded under it has the step's type.
      if (known !== undefined) return known.result as never
      signal.throwIfAborted()
      if (drain.aborted) throw new Interruption('The server shuts down')
      const [before, result] = await Promise.allSettled([record(), step.effect(signal)])
      if (result.status === 'rejected') throw signal.aborted ? signal.reason : result.reason
      if (before.status === 'rejected') throw before.reason
      await record({
        fact: step.event(result.value),
        at: Date.now(),
        key: step.key,
        result: result.value,
      })
      return result.value
    },

    emit(key, fact) {
      const known = memory.get(key)
      if (known !== undefined) return known.at
      const at = Date.now()
      said.push({ fact, at, key })
      return at
    },

    async askHuman(question) {
      const answer = memory.get(question.key)
      if (answer === undefined) throw new WaitForHuman(question)
      return answer.result as HumanAnswer
    },
  }
}
