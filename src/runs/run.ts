import { randomUUIDv7 } from 'node:crypto'
import type { Inputs } from '../crew/crew.ts'
import { shortenInputs } from '../crew/inputs.ts'
import { NO_PROGRESS, type Progress } from './progress.ts'

/**
 * A run is `queued` until a process claims it, then `running`. It turns `waiting` when a task asks a person, and
 * `queued` again with the answer. `completed`, `failed` and `stopped` are final: no write leaves them, but that a failed run may be retried.
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

export type WebhookKind = 'task' | 'step' | 'crew' | 'humanInput'

/** Where a run reports to; null: nowhere. */
export type Webhooks = Readonly<Record<WebhookKind, Webhook | null>>

/** A {@link Webhook} as it is stored. */
export interface SealedWebhook {
  /** Scheme and host: all of it that may be shown. */
  readonly origin: string
  /** Names the URL without telling it. */
  readonly endpoint: string
  /** The {@link Webhook}, encrypted. */
  readonly address: string
}

export type SealedWebhooks = Readonly<Record<WebhookKind, SealedWebhook | null>>

/** Encrypts the addresses of a run; kinds that are absent stay so. */
export type SealWebhooks = (runId: string, webhooks: Partial<Webhooks>) => Partial<SealedWebhooks>

export const NO_WEBHOOKS = Object.freeze({ task: null, step: null, crew: null, humanInput: null })

/** A row of `runs`, and what readers need of its row in `kickoffs`. Instants are ms since the epoch. */
export interface Run {
  readonly id: string
  readonly crew: string
  /** Hash of the definition that it was started with, and keeps to. */
  readonly version: string
  /** Of the crew's code that it was last driven with; before that, of the code it was started for. */
  readonly codeHash: string
  readonly status: RunStatus
  /** Grows by one with every claim and every outside decision; a writer with an older one is refused. */
  readonly epoch: number
  /** `seq` of its newest event. */
  readonly lastSeq: number
  /** How often the process ended without draining while it drove the run, since the newest event. */
  readonly crashes: number
  readonly simulated: boolean
  /** The caller's own object, echoed everywhere. */
  readonly meta: Readonly<Record<string, unknown>>
  readonly webhooks: SealedWebhooks
  /** Its sensitive inputs, encrypted; null: it has none. */
  readonly sealedInputs: string | null
  /** The inputs, sensitive ones as stars, with long values cut: what the texts of the crew are shown with. */
  readonly shownInputs: Inputs
  /** When a running run that nobody drives goes on, because a step of it was postponed; null: at once. */
  readonly retryAt: number | null
  /** For people, once failed or stopped. */
  readonly error: string | null
  readonly progress: Progress
  readonly createdAt: number
  readonly startedAt: number | null
  readonly updatedAt: number
  readonly endedAt: number | null
}

/** A run with all that it needs to be driven. */
export interface RunWithInputs extends Run {
  /** As given at the kickoff, over the crew's defaults; sensitive ones as stars. They may be megabytes. */
  readonly inputs: Inputs
}

type Given = Pick<
  RunWithInputs,
  'crew' | 'version' | 'codeHash' | 'simulated' | 'meta' | 'webhooks' | 'inputs'
>

/** A run that nobody has driven yet. */
export function newRun(given: Given, now: number): RunWithInputs {
  return {
    ...given,
    id: randomUUIDv7(),
    sealedInputs: null,
    shownInputs: shortenInputs(given.inputs),
    status: 'queued',
    epoch: 0,
    lastSeq: 0,
    crashes: 0,
    retryAt: null,
    error: null,
    progress: NO_PROGRESS,
    createdAt: now,
    startedAt: null,
    updatedAt: now,
    endedAt: null,
  }
}

/** A run in a list. */
export type RunSummary = Pick<
  Run,
  | 'id'
  | 'crew'
  | 'version'
  | 'status'
  | 'meta'
  | 'simulated'
  | 'error'
  | 'createdAt'
  | 'startedAt'
  | 'updatedAt'
  | 'endedAt'
>
