import { setTimeout as delay } from 'node:timers/promises'

/** So many ends of a worker by itself … */
const MAX_DEATHS = 3
/** … within this time … */
const WITHIN_MS = 60_000
/** … and its calls wait so long: a process that takes seconds to start is not started for nothing. */
const PAUSE_MS = 30_000

/** Leaves a worker alone that ends again and again. */
export interface Respite {
  noteDeath(reason: string): void
  /**
   * Resolves when it is over.
   *
   * @throws the signal's reason, as soon as it is aborted
   */
  over(signal: AbortSignal): Promise<void>
}

/** @param onPause told of the last death, when a pause begins */
export function createRespite(
  onPause: (reason: string, pauseMs: number) => void,
  now: () => number = () => performance.now(),
): Respite {
  let deaths: readonly number[] = []
  let until = 0
  return {
    noteDeath(reason) {
      deaths = [...deaths.filter((at) => at > now() - WITHIN_MS), now()]
      if (deaths.length < MAX_DEATHS) return
      deaths = []
      until = now() + PAUSE_MS
      onPause(reason, PAUSE_MS)
    },
    async over(signal) {
      const leftMs = until - now()
      if (leftMs <= 0) return
      await delay(leftMs, undefined, { signal }).catch(() => signal.throwIfAborted())
    },
  }
}
