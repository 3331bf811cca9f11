import type { CrewEvent } from '../../crew/events.ts'
import { type Fact, Interruption, type Recorded } from '../../crew/host.ts'
import type { Mask } from '../../crew/inputs/sensitive.ts'
import type { Health } from '../../db/health.ts'
import { troubleOf } from '../../db/trouble.ts'
import type { RunFact } from '../event.ts'
import type { Entry, Journal } from '../journal/journal.ts'
import type { RunPatch } from '../journal/store.ts'
import type { Run } from '../run.ts'

/** The journal could not be written; the run is executed again later. */
export class JournalFailed extends Interruption {
  override readonly name = 'JournalFailed'
}

/** What a run says on its way to disk. */
export interface Recorder {
  /**
   * Takes a fact; it is written with the next ones.
   *
   * @param key null: it is not said again when the run is executed again
   */
  say<Event extends CrewEvent>(key: string | null, fact: Fact<Event>): Recorded<Event>
  /**
   * Resolves when everything said so far is on disk.
   *
   * @throws Interruption when somebody else decided about the run first, or the database does not take it
   */
  write(): Promise<void>
  /** Takes a fact that changes the run's row, mostly for that it ends or waits, and writes all. */
  conclude(fact: RunFact, patch: RunPatch): Promise<void>
  /** When something happens, in ms since the epoch; never goes back. */
  now(): number
}

/** The wall clock, but for when that is put back: then it goes on as it was, so that durations stay true. */
function steadyClock(notBefore: number): () => number {
  const startedAt = Math.max(Date.now(), notBefore)
  const origin = performance.now()
  return () => Math.max(Date.now(), startedAt + Math.trunc(performance.now() - origin))
}

/** A run whose journal is longer is failed: a conversation without end must not fill the disk. */
const MAX_JOURNAL_CHARACTERS = 200_000_000

interface RecorderOptions {
  readonly run: Run
  readonly journal: Journal
  readonly health: Health
  /** For why things went wrong: an error often quotes what was sent. */
  readonly mask: Mask
  /** Aborted: what is not written by then is given up. Its reason is an `Interruption`. */
  readonly signal: AbortSignal
}

export function createRecorder(options: RecorderOptions): Recorder {
  const { run, journal, health, mask, signal } = options
  let unwritten: readonly Entry[] = []
  let writing: Promise<void> | null = null
  let { journalCharacters } = run.progress
  const now = steadyClock(Math.max(run.updatedAt, run.startedAt ?? 0))

  async function append(): Promise<void> {
    let taken: readonly Entry[] = []
    const take = () => {
      taken = unwritten
      return taken
    }
    const progress = await insist(() => journal.append(run, take))
    if (progress === null) throw new Interruption('The run was decided about elsewhere')
    journalCharacters = progress.journalCharacters
    unwritten = unwritten.slice(taken.length)
  }

  /** While the database takes nothing, what was paid for waits here, and is not paid for again. */
  async function insist<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation()
    } catch (cause) {
      if (troubleOf(cause) === null)
        throw new JournalFailed(`The journal of run ${run.id} could not be written`, { cause })
    }
    await health.whenWell(signal)
    return insist(operation)
  }

  async function write(): Promise<void> {
    while (unwritten.length > 0) {
      writing ??= append().finally(() => {
        writing = null
      })
      await writing
    }
  }

  return {
    now,
    say(key, { event, output }) {
      const at = now()
      unwritten = [...unwritten, { fact: masked(event, mask), at, key, output }]
      return { event, output, at }
    },
    async write() {
      await write()
      if (journalCharacters > MAX_JOURNAL_CHARACTERS)
        throw new Error(
          `The run has recorded more than ${MAX_JOURNAL_CHARACTERS} characters, which is the limit for one run.`,
        )
    },
    conclude(fact, given) {
      const patch = { ...given, ...(given.error && { error: mask(given.error) }) }
      const told = masked(fact, mask)
      unwritten = [...unwritten, { fact: told, at: now(), key: null, output: null, patch }]
      return write()
    },
  }
}

function masked(fact: RunFact, mask: Mask): RunFact {
  const { data } = fact
  return 'error' in data
    ? ({ ...fact, data: { ...data, error: mask(data.error) } } as RunFact)
    : fact
}
