import { wait } from './abort.ts'
import { ModelError } from './model.ts'

/** What became of one attempt. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | ({ readonly ok: false } & Failure)

export interface Failure {
  /** For people; a full sentence. */
  readonly message: string
  /** False: another attempt would end the same way. */
  readonly isPassing: boolean
  /** How long the provider asks to wait, in ms; null: it does not say. */
  readonly retryAfterMs: number | null
}

export interface RetryOptions {
  /** Aborts a wait at once. */
  readonly signal: AbortSignal
  /** Called before each wait. */
  readonly onWait: (failure: Failure, attempt: number, waitMs: number) => void
  /** Waits, or throws the signal's reason. Default: a timer. */
  readonly wait?: typeof wait
}

export const MAX_ATTEMPTS = 6

/** The five waits of 0.5, 1.5, 4.5, 13.5 and 30 s bridge an outage of about 50 s. */
const FIRST_WAIT_MS = 500
const WAIT_FACTOR = 3
const MAX_WAIT_MS = 30_000

/**
 * Tries up to {@link MAX_ATTEMPTS} times, and waits as long as the provider asks between two attempts. This is not left
 * to the SDK, which makes hidden attempts of its own and ignores a `Retry-After` above one minute.
 *
 * @throws ModelError with the message of the last failure; the signal's reason when aborted
 */
export async function retry<T>(
  attempt: () => Promise<Attempt<T>>,
  options: RetryOptions,
): Promise<T> {
  for (let count = 1; ; count++) {
    options.signal.throwIfAborted()
    const result = await attempt()
    if (result.ok) return result.value
    if (!result.isPassing) throw new ModelError(result.message)
    if (count === MAX_ATTEMPTS)
      throw new ModelError(`${result.message} Given up after ${count} attempts.`)
    const waitMs = waitBefore(count + 1, result.retryAfterMs)
    options.onWait(result, count, waitMs)
    await (options.wait ?? wait)(waitMs, options.signal)
  }
}

/** Spread, so that callers that failed together do not come back together; never less than was asked for. */
function waitBefore(attempt: number, retryAfterMs: number | null): number {
  if (retryAfterMs !== null) return Math.ceil(retryAfterMs * (1 + Math.random() / 10))
  const waitMs = Math.min(FIRST_WAIT_MS * WAIT_FACTOR ** (attempt - 2), MAX_WAIT_MS)
  return Math.ceil(waitMs * (1 - Math.random() / 2))
}

const SECONDS = /^\d+(\.\d+)?$/
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/**
 * What `retry-after-ms` (OpenAI's) or `Retry-After` (RFC 9110: seconds or a date) ask for, in ms, of any length; null
 * when they are absent or make no sense.
 *
 * @param now ms since the epoch
 */
export function askedWaitMs(headers: Headers, now: number): number | null {
  const exact = headers.get('retry-after-ms')?.trim() ?? ''
  if (SECONDS.test(exact)) return Number(exact)
  const value = headers.get('retry-after')?.trim() ?? ''
  if (SECONDS.test(value)) return Number(value) * 1000
  return HTTP_DATE.test(value) ? Math.max(0, Date.parse(value) - now) : null
}
