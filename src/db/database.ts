import type { Kysely, Transaction } from 'kysely'
import type { Health } from './health.ts'

/** JSON text; {@link toJson} and {@link fromJson} are the way in and out. */
type Json = string

/** The tables. Instants are integers, ms since the epoch; booleans are 0 or 1. */
export interface Tables {
  /** Versions of crews. A run refers to the one it keeps to. */
  definitions: {
    hash: string
    crew: string
    /** What its files call it. */
    label: string | null
    definition: Json
    /** Hash of the version that was served before it, when it was first served. */
    previous: string | null
    firstServedAt: number
    /** When a server began to serve it for the last time; of a crew's versions the highest is the one served now. */
    lastServedAt: number
    /** Of the crew's code at that time. */
    codeHash: string
  }
  runs: {
    id: string
    crew: string
    version: string
    /** Of the crew's code that it was last driven with. */
    codeHash: string
    status: string
    epoch: number
    lastSeq: number
    crashes: number
    simulated: number
    retryAt: number | null
    error: string | null
    progress: Json
    createdAt: number
    startedAt: number | null
    updatedAt: number
    endedAt: number | null
  }
  /** What a caller gave. Apart from `runs`, whose rows are written again with every event. */
  kickoffs: {
    runId: string
    /** Sensitive ones as stars. */
    inputs: Json
    /** The sensitive ones, encrypted; null: there are none. */
    sealedInputs: string | null
    /** With long values cut; null: none is long. */
    shownInputs: Json | null
    meta: Json
    webhooks: Json
  }
  journal: {
    runId: string
    seq: number
    /** Of the shape of `data`. */
    v: number
    at: number
    type: string
    /** Of a step or a fact that must be recorded once; unique in the run. */
    key: string | null
    data: Json
    /** The text a step came to, which stands here and nowhere else. */
    output: string | null
  }
  deliveries: {
    id: string
    runId: string
    /** Of the event it tells of. */
    seq: number
    kind: string
    /** Its place among the messages of its run to its URL: from 1, without gaps. */
    sequence: number
    /** Names its URL; the row of `endpoints` may be missing. */
    endpoint: string
    /** Of the URL. */
    origin: string
    /** The URL and its credentials, encrypted. */
    address: string
    /** Null until it is first sent, and again once it is delivered. */
    body: string | null
    status: string
    attempts: number
    /** Null: another message goes first, or it is over. */
    nextAttemptAt: number | null
    lastStatusCode: number | null
    lastError: string | null
    createdAt: number
  }
  /** Runs that are gone, and of which something is left to be deleted. */
  deletions: { runId: string }
  /** URLs that messages wait for, or were sent to lately. */
  endpoints: {
    id: string
    origin: string
    deliveredAt: number | null
    failures: number
    failingSince: number | null
    pausedUntil: number
    dueAt: number | null
    disabledAt: number | null
    disabledReason: string | null
  }
  /** What the server itself must keep and nobody may read from the file. */
  secrets: {
    name: string
    /** Encrypted. */
    sealed: string
  }
  /** What is written to see whether anything can be: one row. */
  probes: { id: number; filler: string }
}

export type Tx = Transaction<Tables>

/**
 * Runs `change` in a transaction and resolves when it is on disk. All changes of one turn of the event loop share one
 * transaction (group commit), so `change` must only use its `tx`, and may be run twice: when any change of the group
 * throws, the group is rolled back and each is done alone. What it throws rejects its own promise and no other.
 */
export type Commit = <T>(change: (tx: Tx) => Promise<T>) => Promise<T>

/** A copy of the whole database, as it was at one instant. */
export interface Backup extends AsyncDisposable {
  readonly sizeBytes: number
  /** Gives it away piece by piece. The memory of a piece is used again once `write` is done with it. */
  pour(write: (piece: Uint8Array) => Promise<void>): Promise<void>
}

export interface Database {
  /** For reading. */
  readonly db: Kysely<Tables>
  readonly commit: Commit
  readonly health: Health
  /**
   * Copies the database while it is used.
   *
   * @throws AppError `backup_running`, `no_room_for_backup`; the signal's reason when aborted
   */
  backup(signal: AbortSignal): Promise<Backup>
  /** Waits for what is being committed, then closes. */
  close(): Promise<void>
}

export function toJson(value: unknown): Json {
  return JSON.stringify(value)
}

export function fromJson<T>(column: Json): T {
  return JSON.parse(column) as T
}
