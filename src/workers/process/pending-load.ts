import type { Loading } from '../protocol.ts'
import type { LoadBroken } from '../worker.ts'
import type { LastWords } from './flights.ts'
import type { Timers } from './timers.ts'

const START_TIMEOUT_MS = 30_000
/** Of the top level of one file with all that it imports. */
const DEFAULT_LOAD_TIMEOUT_MS = 10_000

/** The loading that a worker is at. */
export interface PendingLoad {
  isPending(): boolean
  start(): Promise<Loading | LoadBroken>
  /** The worker turns to the next reference. */
  begins(key: string): void
  settle(loading: Loading): void
  /** The worker is gone. */
  fail(reason: string): void
}

export function createPendingLoad(
  timers: Timers,
  end: (words: LastWords) => void,
  loadTimeoutMs = DEFAULT_LOAD_TIMEOUT_MS,
): PendingLoad {
  let resolve: ((outcome: Loading | LoadBroken) => void) | null = null
  let current: string | null = null

  function expect(timeoutMs: number, what: string): void {
    const reason = `${what} within ${timeoutMs / 1000} s`
    timers.set('loading', timeoutMs, () => end({ reason, call: null }))
  }

  function settle(outcome: Loading | LoadBroken): void {
    timers.clear('loading')
    resolve?.(outcome)
    resolve = null
    current = null
  }

  return {
    isPending: () => resolve !== null,
    start() {
      const pending = Promise.withResolvers<Loading | LoadBroken>()
      resolve = pending.resolve
      expect(START_TIMEOUT_MS, 'its process did not start')
      return pending.promise
    },
    begins(key) {
      current = key
      expect(loadTimeoutMs, 'its top level did not end')
    },
    settle,
    fail: (reason) => settle({ key: current, reason }),
  }
}
