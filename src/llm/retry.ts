import { wait } from './abort.ts'
import { type Failing, ModelError, ModelUnavailable } from './model.ts'

/** What became of one attempt. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | Failure | Held

export interface Failure {
  readonly ok: false
  /** For people; a full sentence. */
  readonly message: string
  /** False: another attempt would end the same way. */
  readonly isPassing: boolean
  /** True: others that ask the same provider should ask less, too. */
  readonly isThrottled: boolean
  /** How long the provider asks to wait, in ms; null: it does not say. */
  readonly retryAfterMs: number | null
}

/** There was no attempt: too many others wait for the same provider. */
interface Held {
  readonly ok: 'held'
  /** As of a {@link Failure}. */
  readonly message: string
}

export interface RetryOptions {
  /** Aborts a wait at once. */
  readonly signal: AbortSignal
  /** What came before; null: nothing. */
  readonly failing: Failing | null
  /** For how long attempts are made, in ms from the first failure. */
  readonly horizonMs: number
  /** How often it is tried again at most; null: as often as the horizon has room for. */
  readonly maxRetries?: number | null
  /** Called before each wait. */
  readonly onWait: (message: string, attempt: number, waitMs: number) => void
  /** Waits, or throws the signal's reason. Default: a timer. */
  readonly wait?: typeof wait
  /** In ms since the epoch. Default: the clock. */
  readonly now?: () => number
}

/** Waits of 0.5, 1.5, 4.5 and 13.5 s, then, elsewhere, of 40 s, 2 min, and ever again 3 min. */
const FIRST_WAIT_MS = 500
const WAIT_FACTOR = 3
const MAX_WAIT_MS = 180_000

/** A provider that says so often when to come back, and turns the call down then, is waited for longer than it says. */
const TRUSTED_ATTEMPTS = 5

/** A wait that is to be longer is not made here: whoever calls can use the time. */
const MAX_WAIT_HERE_MS = 30_000

/**
 * Tries until it succeeds, and waits in between as long as the provider asks. This takes as many attempts as the horizon
 * has room for; the last one is made when it is reached.
 *
 * @throws ModelUnavailable when a long wait is next; ModelError with the message of the last failure; the signal's
 *   reason when aborted
 */
export async function retry<T>(
  attempt: (since: number) => Promise<Attempt<T>>,
  options: RetryOptions,
): Promise<T> {
  const { signal, horizonMs, maxRetries = null, now = Date.now } = options
  let { failing } = options
  for (;;) {
    signal.throwIfAborted()
    const result = await attempt(failing?.since ?? now())
    if (result.ok === true) return result.value
    const at = now()
    const attempts = (failing?.attempts ?? 0) + (result.ok === 'held' ? 0 : 1)
    failing = { since: failing?.since ?? at, attempts }
    const waitMs = waitHere(result, failing, { at, horizonMs, maxRetries })
    options.onWait(result.message, attempts, waitMs)
    await (options.wait ?? wait)(waitMs, signal)
  }
}

interface Limits extends Required<Pick<RetryOptions, 'horizonMs' | 'maxRetries'>> {
  /** Now, in ms since the epoch. */
  readonly at: number
}

/** @throws as {@link retry}, when the next attempt is not to be waited for here */
function waitHere(
  result: Failure | Held,
  failing: Failing,
  { at, horizonMs, maxRetries }: Limits,
): number {
  if (result.ok === false && !result.isPassing) throw new ModelError(result.message)
  const leftMs = failing.since + horizonMs - at
  const isLast = maxRetries !== null && failing.attempts > maxRetries
  if (leftMs <= 0 || isLast) throw givenUp(result.message, failing, at)
  const { aboutMs, waitMs } = waitAfter(result, failing, at)
  const nextMs = Math.ceil(Math.min(leftMs, waitMs))
  if (Math.min(leftMs, aboutMs) > MAX_WAIT_HERE_MS)
    throw new ModelUnavailable(result.message, { retryAt: at + nextMs, failing })
  return nextMs
}

interface Wait {
  readonly aboutMs: number
  /** Spread, so that callers that failed together do not come back together; never less than was asked for. */
  readonly waitMs: number
}

function waitAfter(result: Failure | Held, { since, attempts }: Failing, at: number): Wait {
  const jitter = Math.random()
  const own = (aboutMs: number): Wait => ({ aboutMs, waitMs: aboutMs * (1 - jitter / 2) })
  if (result.ok === 'held')
    return own(Math.min(Math.max(2 * MAX_WAIT_HERE_MS, at - since), MAX_WAIT_MS))
  const { retryAfterMs } = result
  if (retryAfterMs === null) return own(backOffMs(attempts))
  const atLeast = own(attempts > TRUSTED_ATTEMPTS ? backOffMs(attempts - TRUSTED_ATTEMPTS) : 0)
  return {
    aboutMs: Math.max(retryAfterMs, atLeast.aboutMs),
    waitMs: Math.max(retryAfterMs * (1 + jitter / 10), atLeast.waitMs),
  }
}

function backOffMs(attempts: number): number {
  return Math.min(FIRST_WAIT_MS * WAIT_FACTOR ** (attempts - 1), MAX_WAIT_MS)
}

function givenUp(message: string, { since, attempts }: Failing, at: number): ModelError {
  const count = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`
  const over = at > since ? ` in ${describeDuration(at - since)}` : ''
  return new ModelError(`${message} Given up after ${count}${over}.`)
}

function describeDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}

const SECONDS = /^\d+(\.\d+)?$/
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * What `retry-after-ms` (OpenAI's) or `Retry-After` (RFC 9110: seconds or a date) ask for, in ms, of any length; null
 * when they are absent or make no sense.
 *
 * @param headers with names in lower case
 * @param now ms since the epoch
 */
export function askedWaitMs(headers: Headers, now: number): number | null {
  const exact = String(headers['retry-after-ms'] ?? '').trim()
  if (SECONDS.test(exact)) return Number(exact)
  const value = String(headers['retry-after'] ?? '').trim()
  if (SECONDS.test(value)) return Number(value) * 1000
  return HTTP_DATE.test(value) ? Math.max(0, Date.parse(value) - now) : null
}
