import type { Database, Tx } from '../../db/database.ts'
import type { Delivery, DeliveryOrder } from '../delivery.ts'
import { DISABLED_AGE_MS, type Endpoint, healthAfter, UNKNOWN } from '../endpoint.ts'
import { MAX_AGE_MS, nextAttemptAt } from '../schedule.ts'
import { type DeliveryChange, passTurn, recordAttempt } from '../store/deliveries.ts'
import { findEndpoint, saveEndpoint } from '../store/endpoints.ts'
import { giveUp, retryUnanswered } from '../store/upkeep.ts'
import type { Outcome } from './deliver.ts'

export interface RecordPolicy {
  readonly order: DeliveryOrder
  /** See `RETRY_DELAYS_MS`. */
  readonly delaysMs: readonly number[]
  /** See `PAUSES_MS`. */
  readonly pausesMs: readonly number[]
  /** From 0 to below 1. */
  random(): number
}

/** How an attempt has gone. */
export interface Attempted {
  readonly delivery: Delivery
  readonly outcome: Outcome
  /** False when it failed before the endpoint was asked: then it says nothing about that one. */
  readonly wasSent: boolean
  /** False when no further attempt can go any better. */
  readonly mayRetry: boolean
}

/** What an attempt has changed. */
export interface Recorded {
  /** Null when the message was decided about meanwhile. */
  readonly change: DeliveryChange | null
  readonly before: Endpoint
  readonly after: Endpoint
}

/** Records an attempt and all that follows from it: the next of its line has its turn, the endpoint is well or not. */
export async function record(
  tx: Tx,
  attempted: Attempted,
  now: number,
  policy: RecordPolicy,
): Promise<Recorded> {
  const { delivery, outcome, wasSent } = attempted
  const { endpoint: id, origin } = delivery
  const before = (await findEndpoint(tx, id)) ?? { id, origin, ...UNKNOWN, dueAt: now }
  const health = wasSent ? { ...before, ...healthAfter(before, outcome, now, policy) } : before
  const change = changeOf(attempted, { now, isDisabled: health.disabledAt !== null, policy })
  const isOurs = await recordAttempt(tx, delivery, change)
  if (isOurs && (policy.order === 'relaxed' || change.status !== 'pending'))
    await passTurn(tx, delivery, now)
  if (before.failures > 0 && health.failures === 0) await retryUnanswered(tx, id, now)
  const after = await saveEndpoint(tx, before, health)
  return { change: isOurs ? change : null, before, after }
}

function changeOf(
  { delivery: { attempts: made, createdAt }, outcome, mayRetry }: Attempted,
  at: { readonly now: number; readonly isDisabled: boolean; readonly policy: RecordPolicy },
): DeliveryChange {
  const { statusCode, retryAfter, error } = outcome
  const attempts = made + 1
  const change = { attempts, lastStatusCode: statusCode, lastError: error }
  if (error === null) return { ...change, status: 'delivered', nextAttemptAt: null }
  const maxAgeMs = at.isDisabled ? DISABLED_AGE_MS : MAX_AGE_MS
  const failure = { attempts, statusCode, retryAfter, ageMs: at.now - createdAt }
  const nextAt = mayRetry ? nextAttemptAt(failure, at.now, { ...at.policy, maxAgeMs }) : null
  return { ...change, status: nextAt === null ? 'failed' : 'pending', nextAttemptAt: nextAt }
}

/** A transaction on SQLite never yields to the event loop, so it is kept short. */
const BATCH = 100

/** Gives up what has waited for a disabled endpoint for long. Resolves to how many messages those were. */
export async function giveUpDisabled(
  { commit }: Database,
  { id, disabledReason }: Endpoint,
  now: number,
): Promise<number> {
  const reason = `Its receiver is disabled: ${disabledReason ?? ''}`
  const before = now - DISABLED_AGE_MS
  let count = 0
  let given: number
  do {
    given = await commit((tx) => giveUp(tx, { endpoint: id, before, reason, now, limit: BATCH }))
    count += given
  } while (given === BATCH)
  return count
}
