import { type Database, fromJson, type Tx, toJson } from '../../db/database.ts'
import type { RunEvent, RunFact } from '../event.ts'
import type { Run } from '../run.ts'
import { advanceRun, insertRun, type RunPatch } from './store.ts'

/** A fact to be recorded. */
export interface Entry {
  readonly fact: RunFact
  /** ms since the epoch. */
  readonly at: number
  /** Unique in the run; a fact that is found under its key is not recorded again. */
  readonly key?: string
  /** What a step returned. */
  readonly result?: unknown
}

/** What a run remembers under a key. */
export interface Recorded {
  readonly at: number
  readonly result: unknown
}

export interface Journal {
  /**
   * Records facts and what follows from them (webhooks, the run's row) in one commit.
   *
   * @param run as the writer knows it; its status and epoch must still be so
   * @returns false when they are not: somebody else decided about the run first, and nothing is written
   */
  append(run: Run, entries: readonly Entry[], patch?: RunPatch): Promise<boolean>
  /** Makes the run's row and records its first fact, in one commit. */
  open(run: Run, entry: Entry): Promise<void>
  /**
   * Events of a run, oldest first; without the results of its steps.
   *
   * @param untilSeq the last one wanted. A run's row and its events up to the row's `lastSeq` belong together.
   */
  read(runId: string, untilSeq?: number): Promise<readonly RunEvent[]>
  /** What the run's finished steps and facts left under their keys. */
  recall(runId: string): Promise<Map<string, Recorded>>
}

/**
 * Writes what follows from new events, e.g. their webhooks, in the commit that records them. Returns what to do once
 * that commit is on disk.
 */
export type AfterAppend = (
  tx: Tx,
  run: Run,
  events: readonly RunEvent[],
) => Promise<(() => void) | undefined>

interface JournalOptions {
  readonly database: Database
  readonly afterAppend: AfterAppend
}

export function createJournal({ database, afterAppend }: JournalOptions): Journal {
  const { db, commit } = database

  async function record(tx: Tx, run: Run, entries: readonly Entry[], lastSeq: number) {
    if (entries.length === 0) return undefined
    const first = lastSeq - entries.length + 1
    const rows = entries.map((entry, index) => toRow(run.id, entry, first + index))
    await tx.insertInto('journal').values(rows).execute()
    const events = entries.map(({ fact, at }, index) => ({ ...fact, seq: first + index, at }))
    return afterAppend(tx, run, events)
  }

  return {
    async append(run, entries, patch = {}) {
      const written = await commit(async (tx) => {
        const lastSeq = await advanceRun(tx, run, entries.length, patch)
        if (lastSeq === undefined) return null
        return { onCommitted: await record(tx, { ...run, ...patch }, entries, lastSeq) }
      })
      written?.onCommitted?.()
      return written !== null
    },
    async open(run, entry) {
      const onCommitted = await commit(async (tx) => {
        await insertRun(tx, run)
        return record(tx, run, [entry], run.lastSeq)
      })
      onCommitted?.()
    },
    read: (runId, untilSeq) => readEvents(db, runId, untilSeq),
    recall: (runId) => recall(db, runId),
  }
}

function toRow(runId: string, { fact, at, key, result }: Entry, seq: number) {
  return {
    runId,
    seq,
    at,
    type: fact.type,
    data: toJson(fact.data),
    key: key ?? null,
    result: result === undefined ? null : toJson({ value: result }),
  }
}

async function readEvents(
  db: Database['db'],
  runId: string,
  untilSeq = Number.MAX_SAFE_INTEGER,
): Promise<readonly RunEvent[]> {
  const rows = await db
    .selectFrom('journal')
    .select(['seq', 'at', 'type', 'data'])
    .where('runId', '=', runId)
    .where('seq', '<=', untilSeq)
    .orderBy('seq')
    .execute()
  return rows.map((row) => ({ ...row, data: fromJson(row.data) }) as RunEvent)
}

async function recall(db: Database['db'], runId: string): Promise<Map<string, Recorded>> {
  const rows = await db
    .selectFrom('journal')
    .select(['key', 'at', 'result'])
    .where('runId', '=', runId)
    .where('key', 'is not', null)
    .execute()
  return new Map(rows.map(({ key, at, result }) => [key ?? '', { at, result: returned(result) }]))
}

function returned(result: string | null): unknown {
  return result === null ? undefined : fromJson<{ value: unknown }>(result).value
}
