import { setTimeout as timer } from 'node:timers/promises'

/** The longest time a Node timer can be set for, in ms; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * Waits, for any length.
 *
 * @throws the signal's reason, as soon as it is aborted
 */
export async function wait(waitMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  for (let leftMs = waitMs; leftMs > 0; leftMs -= MAX_TIMER_MS)
    await orAborted(timer(Math.min(leftMs, MAX_TIMER_MS), undefined, { signal }), signal)
}

/**
 * What the work comes to, unless the signal is aborted first.
 *
 * @throws the signal's reason, as soon as it is aborted; what the work throws
 */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
