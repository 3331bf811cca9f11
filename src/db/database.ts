import type { Kysely, Transaction } from 'kysely'

/** JSON text; {@link toJson} and {@link fromJson} are the way in and out. */
type Json = string

/** The tables. Instants are integers, ms since the epoch; booleans are 0 or 1. */
export interface Tables {
  runs: {
    id: string
    crew: string
    status: string
    inputs: Json
    meta: Json
    webhooks: Json
    epoch: number
    lastSeq: number
    crashes: number
    simulated: number
    output: string | null
    error: string | null
    createdAt: number
    startedAt: number | null
    updatedAt: number
    endedAt: number | null
  }
  journal: {
    runId: string
    seq: number
    at: number
    type: string
    data: Json
    /** Of a step or a fact that must be recorded once; unique in the run. */
    key: string | null
    /** What the step returned: `{"value": …}`. */
    result: Json | null
  }
  deliveries: {
    id: string
    runId: string
    kind: string
    /** Of `url`: whom the message waits for. */
    origin: string
    url: string
    authentication: Json | null
    body: string
    status: string
    attempts: number
    nextAttemptAt: number
    lastStatusCode: number | null
    lastError: string | null
    createdAt: number
  }
}

export type Tx = Transaction<Tables>

/**
 * Runs `change` in a transaction and resolves when it is on disk. All changes of one turn of the event loop share one
 * transaction (group commit), so `change` must only use its `tx`, and may be run twice: when any change of the group
 * throws, the group is rolled back and each is done alone. What it throws rejects its own promise and no other.
 */
export type Commit = <T>(change: (tx: Tx) => Promise<T>) => Promise<T>

export interface Database {
  /** For reading. */
  readonly db: Kysely<Tables>
  readonly commit: Commit
  /** Waits for what is being committed, then closes. */
  close(): Promise<void>
}

export function toJson(value: unknown): Json {
  return JSON.stringify(value)
}

export function fromJson<T>(column: Json): T {
  return JSON.parse(column) as T
}
