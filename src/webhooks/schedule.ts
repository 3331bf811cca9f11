const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/**
 * How long to wait after the first, second, … failed attempt; after the last one the message is given up, 75 h 37 min
 * after the first. Source: Standard Webhooks 1.0.0, with 30 s and 2 min put in. A receiver that restarts or is deployed
 * is back within a minute or two, and would otherwise not be asked again until 5 min have passed.
 */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
]

/** Receivers that went down together shall not be asked again together. */
const JITTER = 0.2

const GONE = 410

/** The last instant a `Date` can hold. */
const MAX_INSTANT_MS = 8.64e15

export interface Failure {
  /** Attempts made, this one included. */
  readonly attempts: number
  /** Null when there was no answer. */
  readonly statusCode: number | null
  /** The header of the answer: seconds or an HTTP date; anything else is ignored. */
  readonly retryAfter: string | null
}

export interface RetryPolicy {
  readonly delaysMs: readonly number[]
  /** From 0 to below 1. */
  random(): number
}

/**
 * When to try again, in ms since the epoch: after the delay of the schedule, give or take 20 %, or when the receiver asked
 * for it, whichever is later.
 *
 * @returns null when it is hopeless: the attempts are used up, or the receiver is gone for good (410)
 */
export function nextAttemptAt(failure: Failure, now: number, policy: RetryPolicy): number | null {
  const delayMs = policy.delaysMs[failure.attempts - 1]
  if (delayMs === undefined || failure.statusCode === GONE) return null
  const scheduledAt = now + Math.round(delayMs * (1 - JITTER + 2 * JITTER * policy.random()))
  return Math.max(scheduledAt, askedFor(failure.retryAfter, now))
}

/** Source of the two forms: RFC 9110, section 10.2.3. */
function askedFor(retryAfter: string | null, now: number): number {
  if (retryAfter === null) return 0
  if (/^\d+$/.test(retryAfter))
    return Math.min(now + Number(retryAfter) * SECOND_MS, MAX_INSTANT_MS)
  // Without GMT, Date.parse would read a date into nearly any text.
  return (retryAfter.endsWith(' GMT') && Date.parse(retryAfter)) || 0
}
