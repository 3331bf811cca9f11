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

/** The longest delay there is: what a receiver asks for beyond it is not granted. */
const MAX_RETRY_AFTER_MS = 24 * HOUR_MS

/** Nothing is put off for longer than this, so an instant beyond it was made by a clock that was wrong. */
export const MAX_DELAY_MS = MAX_RETRY_AFTER_MS * (1 + JITTER)

/** The schedule ends within it, jitter included; a receiver that keeps asking for a later attempt does not. */
export const MAX_AGE_MS = 96 * HOUR_MS
/** So many attempts a message gets in any case: its age is only known by the clock. */
const MIN_ATTEMPTS = 5

export const GONE = 410

export interface Failure {
  /** Attempts made, this one included. */
  readonly attempts: number
  /** How old the message is. */
  readonly ageMs: number
  /** Null when there was no answer. */
  readonly statusCode: number | null
  /** The header of the answer: seconds or an HTTP date; anything else is ignored. */
  readonly retryAfter: string | null
}

export interface RetryPolicy {
  readonly delaysMs: readonly number[]
  /** How old a message may get. */
  readonly maxAgeMs: number
  /** From 0 to below 1. */
  random(): number
}

/**
 * When to try again, in ms since the epoch: after the delay of the schedule, give or take 20 %, or when the receiver asked
 * for it, whichever is later; at the latest when the message has reached its age.
 *
 * @returns null when it is hopeless: attempts or age are used up, or the receiver is gone for good (410)
 */
export function nextAttemptAt(failure: Failure, now: number, policy: RetryPolicy): number | null {
  const { attempts, ageMs, statusCode, retryAfter } = failure
  const delayMs = policy.delaysMs[attempts - 1]
  const leftMs = policy.maxAgeMs - ageMs
  if (delayMs === undefined || statusCode === GONE) return null
  if (leftMs <= 0 && attempts >= MIN_ATTEMPTS) return null
  const waitMs = Math.max(jittered(delayMs, policy.random), askedForMs(retryAfter, now))
  return now + (attempts >= MIN_ATTEMPTS ? Math.min(waitMs, leftMs) : waitMs)
}

/** A delay, give or take 20 %. */
export function jittered(delayMs: number, random: () => number): number {
  return Math.round(delayMs * (1 - JITTER + 2 * JITTER * random()))
}

/**
 * How long a receiver wants to be left alone: what is sensible of it. Source of the two forms: RFC 9110, section 10.2.3.
 *
 * @returns 0 when it asks for nothing
 */
export function askedForMs(retryAfter: string | null, now: number): number {
  if (retryAfter === null) return 0
  const wantedMs = /^\d+$/.test(retryAfter)
    ? Number(retryAfter) * SECOND_MS
    : // Without GMT, Date.parse would read a date into nearly any text.
      ((retryAfter.endsWith(' GMT') && Date.parse(retryAfter)) || 0) - now
  return Math.min(Math.max(0, wantedMs), MAX_RETRY_AFTER_MS)
}
