import type { Webhook } from '../runs/run.ts'

export type DeliveryKind = 'task' | 'step' | 'crew' | 'human_input'

/** A message that is to be sent, as whoever makes it says it. */
export interface DeliveryDraft {
  readonly runId: string
  readonly kind: DeliveryKind
  readonly webhook: Webhook
  /** JSON text. The same bytes are sent, and signed, on every attempt. */
  readonly body: string
}

/** `pending` until a receiver answers 2xx (`delivered`) or the attempts are used up (`failed`). */
export type DeliveryStatus = 'pending' | 'delivered' | 'failed'

/** One message to one address, with its attempts: a row of `deliveries`. Instants are ms since the epoch. */
export interface Delivery extends DeliveryDraft {
  /** `msg_…`, the same on every attempt: the receiver's `webhook-id`. */
  readonly id: string
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
