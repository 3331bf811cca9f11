import type { SealedWebhook, WebhookKind } from '../runs/run.ts'

/**
 * Whether a message waits until the one before it (of the same run, to the same URL) is delivered or given up (`strict`),
 * or only until that has been tried once (`relaxed`).
 */
export type DeliveryOrder = (typeof DELIVERY_ORDERS)[number]

export const DELIVERY_ORDERS = ['relaxed', 'strict'] as const

/** A message that is to be sent. Its body is made of the event when it is first sent. */
export interface DeliveryDraft {
  /** Of the event it tells of. */
  readonly seq: number
  readonly kind: WebhookKind
  readonly webhook: SealedWebhook
}

/** What a message tells of. */
export type Told = Pick<Delivery, 'runId' | 'seq' | 'sequence'>

/** What a message says, as JSON text. */
export type Render = (told: Told) => Promise<string>

/** `pending` until a receiver answers 2xx (`delivered`) or it is given up (`failed`). */
export type DeliveryStatus = 'pending' | 'delivered' | 'failed'

/** One message to one address, with its attempts: a row of `deliveries`. Instants are ms since the epoch. */
export interface Delivery extends SealedWebhook {
  /** `msg_…`, the same on every attempt: the receiver's `webhook-id`. */
  readonly id: string
  readonly runId: string
  readonly seq: number
  readonly kind: WebhookKind
  /** Its place among the messages of its run to its URL: from 1, without gaps. */
  readonly sequence: number
  /**
   * JSON text. The same bytes are sent, and signed, on every attempt. Null until it is first sent; and again once it is
   * delivered, when nobody asks for it any more: it would double what the journal holds.
   */
  readonly body: string | null
  readonly status: DeliveryStatus
  /** Attempts made. */
  readonly attempts: number
  /** When to try (again); null: another message of its run goes first, or it is over. */
  readonly nextAttemptAt: number | null
  /** HTTP status of the last attempt; null when there was no answer. */
  readonly lastStatusCode: number | null
  /** What went wrong at the last attempt, for people; null when nothing did. */
  readonly lastError: string | null
  readonly createdAt: number
}
