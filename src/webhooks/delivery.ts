import type { Webhook } from '../runs/run.ts'

export type DeliveryKind = 'task' | 'step' | 'crew' | 'human_input'

/** A message that is to be sent, as whoever makes it says it: that a webhook is told of an event. */
export interface DeliveryDraft {
  readonly runId: string
  /** Of the event. */
  readonly seq: number
  readonly kind: DeliveryKind
  readonly webhook: Webhook
}

/** The event that a message tells of. */
export type Told = Pick<DeliveryDraft, 'runId' | 'seq'>

/** What a message says, as JSON text. */
export type Render = (told: Told) => Promise<string>

/** `pending` until a receiver answers 2xx (`delivered`) or the attempts are used up (`failed`). */
export type DeliveryStatus = 'pending' | 'delivered' | 'failed'

/** One message to one address, with its attempts: a row of `deliveries`. Instants are ms since the epoch. */
export interface Delivery extends DeliveryDraft {
  /** `msg_…`, the same on every attempt: the receiver's `webhook-id`. */
  readonly id: string
  /** Made at the first attempt. The same bytes are sent, and signed, on every attempt. */
  readonly body: string | null
  readonly status: DeliveryStatus
  /** Attempts made. */
  readonly attempts: number
  /** When to try (again); meaningful while pending. */
  readonly nextAttemptAt: number
  /** HTTP status of the last attempt; null when there was no answer. */
  readonly lastStatusCode: number | null
  /** What went wrong at the last attempt, for people; null when nothing did. */
  readonly lastError: string | null
  readonly createdAt: number
}
