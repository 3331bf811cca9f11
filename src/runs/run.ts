import type { Inputs } from '../crew/crew.ts'

/**
 * A run is `queued` until a process claims it, then `running`. It turns `waiting` when a task asks a person, and
 * `queued` again with the answer. `completed`, `failed` and `stopped` are final: no write leaves them.
 */
export type RunStatus = 'queued' | 'running' | 'waiting' | 'completed' | 'failed' | 'stopped'

export function isEnded(status: RunStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'stopped'
}

export type Authentication =
  | { readonly strategy: 'bearer'; readonly token: string }
  | { readonly strategy: 'basic'; readonly username: string; readonly password: string }

/** An address that wants to be told. */
export interface Webhook {
  readonly url: string
  /** Sent as `Authorization`; null: none. Never shown or logged. */
  readonly authentication: Authentication | null
}

/** Where a run reports to; null: nowhere. */
export interface Webhooks {
  readonly task: Webhook | null
  readonly step: Webhook | null
  readonly crew: Webhook | null
  readonly humanInput: Webhook | null
}

export const NO_WEBHOOKS: Webhooks = Object.freeze({
  task: null,
  step: null,
  crew: null,
  humanInput: null,
})

/** A row of `runs`. Instants are ms since the epoch. */
export interface Run {
  readonly id: string
  readonly crew: string
  readonly status: RunStatus
  /** As given at kickoff, over the crew's defaults. */
  readonly inputs: Inputs
  /** The caller's own object, echoed everywhere. */
  readonly meta: Readonly<Record<string, unknown>>
  readonly webhooks: Webhooks
  /** Grows by one with every claim and every outside decision; a writer with an older one is refused. */
  readonly epoch: number
  /** `seq` of its newest event. */
  readonly lastSeq: number
  /** How often the process ended without draining while it drove the run, since the newest event. */
  readonly crashes: number
  readonly simulated: boolean
  /** Final output, once completed. */
  readonly output: string | null
  /** For people, once failed or stopped. */
  readonly error: string | null
  readonly createdAt: number
  readonly startedAt: number | null
  readonly updatedAt: number
  readonly endedAt: number | null
}

/** A run in a list. */
export type RunSummary = Pick<
  Run,
  | 'id'
  | 'crew'
  | 'status'
  | 'meta'
  | 'simulated'
  | 'error'
  | 'createdAt'
  | 'startedAt'
  | 'updatedAt'
  | 'endedAt'
>
