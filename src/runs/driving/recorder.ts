import type { CrewEvent } from '../../crew/events.ts'
import { type Fact, Interruption, type Recorded } from '../../crew/host.ts'
import type { Entry, Journal } from '../journal/journal.ts'
import type { RunPatch } from '../journal/store.ts'
import type { Run } from '../run.ts'

/** The journal could not be written; the run is executed again later. */
export class JournalFailed extends Interruption {
  override readonly name = 'JournalFailed'
}

/** What a run says on its way to disk. */
export interface Recorder {
  /** Takes a fact; it is written with the next ones. */
  say<Event extends CrewEvent>(key: string, fact: Fact<Event>): Recorded<Event>
  /**
   * Resolves when everything said so far is on disk.
   *
   * @throws Interruption when somebody else decided about the run first, or the database does not take it
   */
  write(): Promise<void>
  /** The same, and `entry` and what changes on the run's row after it, in one commit. */
  record(entry?: Entry, patch?: RunPatch): Promise<void>
}

/** A run whose journal is longer is failed: a conversation without end must not fill the disk. */
const MAX_JOURNAL_CHARACTERS = 200_000_000

export function createRecorder(run: Run, journal: Journal): Recorder {
  let unwritten: readonly Entry[] = []
  let writing: Promise<void> | null = null
  let { journalCharacters } = run.progress

  async function append(entries: () => readonly Entry[], patch: RunPatch): Promise<void> {
    let taken: readonly Entry[] = []
    const take = () => {
      taken = entries()
      return taken
    }
    const progress = await journal.append(run, take, patch).catch((cause: unknown) => {
      throw new JournalFailed(`The journal of run ${run.id} could not be written`, { cause })
    })
    if (progress === null) throw new Interruption('The run was decided about elsewhere')
    journalCharacters = progress.journalCharacters
    unwritten = unwritten.filter((entry) => !taken.includes(entry))
  }

  return {
    say(key, { event, output }) {
      const at = Date.now()
      unwritten = [...unwritten, { fact: event, at, key, output }]
      return { event, output, at }
    },
    async write() {
      while (unwritten.length > 0) {
        writing ??= append(() => unwritten, {}).finally(() => {
          writing = null
        })
        await writing
      }
      if (journalCharacters > MAX_JOURNAL_CHARACTERS)
        throw new Error(
          `The run has recorded more than ${MAX_JOURNAL_CHARACTERS} characters, which is the limit for one run.`,
        )
    },
    async record(entry, patch = {}) {
      await writing
      await append(() => (entry === undefined ? unwritten : [...unwritten, entry]), patch)
    },
  }
}
