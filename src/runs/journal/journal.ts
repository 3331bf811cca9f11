import type { Selectable } from 'kysely'
import { type Database, fromJson, type Tables, type Tx, toJson } from '../../db/database.ts'
import { insertion, statement } from '../../db/statement.ts'
import type { RunEvent, RunFact } from '../event.ts'
import { advance, type Progress } from '../progress.ts'
import type { Run, RunWithInputs } from '../run.ts'
import {
  type Head,
  insertRun,
  type RunPatch,
  readHead,
  writeCodeHash,
  writeHead,
  writeWebhooks,
} from './store.ts'

type Row = Selectable<Tables['journal']>

/** A fact to be recorded. */
export interface Entry {
  readonly fact: RunFact
  /** ms since the epoch. */
  readonly at: number
  /** Unique in the run, for what is said again when the run is executed again; null: it comes from outside. */
  readonly key: string | null
  /** The text it brought, which stands nowhere else. */
  readonly output: string | null
  /** What changes with it on the run's row. */
  readonly patch?: RunPatch
}

/** What a run remembers under a key. */
export interface Remembered {
  readonly at: number
  readonly fact: RunFact
  readonly output: string | null
}

export interface Journal {
  /**
   * Records facts and what follows from them (progress, webhooks, the run's row) in one commit.
   *
   * @param run as the writer knows it; its status and epoch must still be so
   * @param entries asked for when the commit is made; possibly again, when it has to be made again
   * @returns the new progress; null when somebody else decided about the run first, and nothing is written
   */
  append(run: Run, entries: () => readonly Entry[]): Promise<Progress | null>
  /** Makes the run's row and records its first fact, in one commit. */
  open(run: RunWithInputs, fact: RunFact): Promise<void>
  /** What the run's finished steps and facts left under their keys. */
  recall(run: Pick<Run, 'id' | 'lastSeq'>): Promise<ReadonlyMap<string, Remembered>>
}

/**
 * Writes what follows from new events, e.g. their webhooks, in the commit that records them. Returns what to do once
 * that commit is on disk.
 */
export type Follower = (
  tx: Tx,
  run: Run,
  events: readonly RunEvent[],
) => Promise<(() => void) | undefined>

interface JournalOptions {
  readonly database: Database
  readonly followers: readonly Follower[]
}

/** Of the shape of an event's data: grows when an older one has to be read otherwise. */
const VERSION = 1

const insertRows = insertion('journal', [
  'runId',
  'seq',
  'v',
  'at',
  'type',
  'key',
  'data',
  'output',
])

export function createJournal({ database, followers }: JournalOptions): Journal {
  const { db, commit } = database

  /** Writes the events and what follows from them. Returns what to do once they are on disk. */
  async function record(tx: Tx, run: Run, events: readonly RunEvent[], rows: readonly Row[]) {
    if (rows.length === 0) return []
    await insertRows(tx, rows)
    const after: ((() => void) | undefined)[] = []
    for (const follow of followers) after.push(await follow(tx, run, events))
    return after
  }

  return {
    async append(run, take) {
      const written = await commit(async (tx) => {
        const head = await readHead(tx, run)
        if (head === undefined) return null
        const entries = take()
        const patch: RunPatch = Object.assign({}, ...entries.map((entry) => entry.patch))
        const { events, rows, ...next } = goOn(run.id, head, entries)
        const changed = { ...run, ...patch, ...next }
        await writeHead(tx, changed, entries.at(-1)?.at ?? Date.now())
        if (patch.webhooks !== undefined) await writeWebhooks(tx, changed)
        if (patch.codeHash !== undefined) await writeCodeHash(tx, changed)
        return { progress: next.progress, after: await record(tx, changed, events, rows) }
      })
      for (const act of written?.after ?? []) act?.()
      return written?.progress ?? null
    },
    async open(run, fact) {
      const entry = { fact, at: run.createdAt, key: null, output: null }
      const { events, rows, ...next } = goOn(run.id, run, [entry])
      const opened = { ...run, ...next }
      const after = await commit(async (tx) => {
        await insertRun(tx, opened)
        return record(tx, opened, events, rows)
      })
      for (const act of after) act?.()
    },
    // The first event has no key.
    recall: async (run) => (run.lastSeq > 1 ? recall(db, run.id) : new Map()),
  }
}

/** Where the entries bring a run. */
function goOn(runId: string, { lastSeq, progress }: Head, entries: readonly Entry[]) {
  const events = entries.map(({ fact, at, key }, index): RunEvent => {
    return { ...fact, seq: lastSeq + index + 1, at, key }
  })
  const rows = events.map((event, index) => toRow(runId, event, entries[index]?.output ?? null))
  const journalCharacters = rows.reduce(
    (sum, { data, output }) => sum + data.length + (output?.length ?? 0),
    progress.journalCharacters,
  )
  return {
    events,
    rows,
    lastSeq: lastSeq + entries.length,
    progress: events.reduce(advance, { ...progress, journalCharacters }),
  }
}

function toRow(runId: string, { seq, at, type, key, data }: RunEvent, output: string | null): Row {
  return { runId, seq, v: VERSION, at, type, key, data: toJson(data), output }
}

export function toFact({ type, data }: Pick<Row, 'type' | 'data'>): RunFact {
  return { type, data: fromJson(data) } as RunFact
}

const selectKeyed = statement<
  { runId: string },
  Pick<Row, 'key' | 'at' | 'type' | 'data' | 'output'>
>((db, value) =>
  db
    .selectFrom('journal')
    .select(['key', 'at', 'type', 'data', 'output'])
    .where('runId', '=', value('runId'))
    .where('key', 'is not', null),
)

async function recall(db: Database['db'], runId: string) {
  const rows = await selectKeyed(db, { runId })
  return new Map(
    rows.map((row): [string, Remembered] => [
      row.key ?? '',
      { at: row.at, fact: toFact(row), output: row.output },
    ]),
  )
}
