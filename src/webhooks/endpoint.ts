import { askedForMs, GONE, jittered } from './schedule.ts'
import type { Outcome } from './sending/deliver.ts'

/** A URL that messages are sent to: a row of `endpoints`. Instants are ms since the epoch. */
export interface Endpoint extends Health {
  /** Names the URL without telling it. */
  readonly id: string
  /** Of the URL. */
  readonly origin: string
  /** When a message for it may be attempted next, those in flight included; null: none waits. */
  readonly dueAt: number | null
}

/** How attempts at an endpoint have gone lately. */
export interface Health {
  /** When it last took a message, to the hour; null: it never did, as far as is known. */
  readonly deliveredAt: number | null
  /** Attempts in a row that were not answered 2xx. */
  readonly failures: number
  /** The first of them; null: there are none. */
  readonly failingSince: number | null
  /** Until then it is left alone; after that one message is attempted to see whether it is back. */
  readonly pausedUntil: number
  /** Since when its messages are given up after {@link DISABLED_AGE_MS}; null: it is not disabled. */
  readonly disabledAt: number | null
  /** For people. */
  readonly disabledReason: string | null
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Nothing is known of it. */
export const UNKNOWN: Health = {
  deliveredAt: null,
  failures: 0,
  failingSince: null,
  pausedUntil: 0,
  disabledAt: null,
  disabledReason: null,
}

/**
 * How long an endpoint is left alone after its first, second, … failure in a row; the last one stands for all further
 * ones. The first two may be an accident, or about one message. A receiver that is back is found out within a quarter
 * of an hour, and 6,000 dead ones are asked 7 times a second in all.
 */
export const PAUSES_MS: readonly number[] = [
  0,
  0,
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
]

/** As long as Svix gives an endpoint; a message is given up sooner, see `schedule.ts`. */
const DISABLE_AFTER_MS = 5 * DAY_MS
/** So many attempts were really made, whatever the clock says. */
const DISABLE_AFTER_FAILURES = 12

/** A disabled endpoint is still asked when there is something for it, so a message gets some six attempts. */
export const DISABLED_AGE_MS = HOUR_MS

/** Those that ask to be left alone mean all messages, and for as long as they say; up to what a pause is at most. */
const THROTTLING: ReadonlySet<number> = new Set([429, 503])

/** @param now ms since the epoch */
export function healthAfter(
  before: Health,
  outcome: Outcome,
  now: number,
  policy: { readonly pausesMs: readonly number[]; random(): number },
): Health {
  if (outcome.error === null) {
    const isRecent = before.deliveredAt !== null && now - before.deliveredAt < HOUR_MS
    return { ...UNKNOWN, deliveredAt: isRecent ? before.deliveredAt : now }
  }
  const failures = before.failures + 1
  const failingSince = before.failingSince ?? now
  const longestMs = policy.pausesMs.at(-1) ?? 0
  const pauseMs = jittered(policy.pausesMs[failures - 1] ?? longestMs, policy.random)
  const wantedMs = THROTTLING.has(outcome.statusCode ?? 0)
    ? Math.min(askedForMs(outcome.retryAfter, now), longestMs)
    : 0
  const next = {
    ...before,
    failures,
    failingSince,
    pausedUntil: now + Math.max(pauseMs, wantedMs),
  }
  const reason = disabledFor(next, outcome, now)
  return before.disabledAt !== null || reason === null
    ? next
    : { ...next, disabledAt: now, disabledReason: reason }
}

function disabledFor(health: Health, outcome: Outcome, now: number): string | null {
  if (outcome.statusCode === GONE) return 'It answered 410: it is gone for good.'
  const { failures, failingSince } = health
  const failingMs = now - (failingSince ?? now)
  if (failingMs < DISABLE_AFTER_MS || failures < DISABLE_AFTER_FAILURES) return null
  return `${failures} attempts in a row have failed, for ${Math.floor(failingMs / DAY_MS)} days.`
}
