/** How a call ended. `throttled`: the provider wants fewer calls, or none for so long; null: it does not say how long. */
export type CallEnd =
  | 'answered'
  | 'failed'
  | { readonly throttled: true; readonly retryAfterMs: number | null }

/**
 * How many calls one provider key may have under way. All is let through until the provider asks for fewer calls. Then
 * none begins for as long as it asks, half as many as before are made side by side, and more again with every one that
 * is answered.
 */
export interface Pace {
  hasRoom(): boolean
  /** How long no call may begin, in ms; 0 or less: no such time. */
  pauseMs(): number
  /** Whether fewer calls are made than when all is well. */
  isLowered(): boolean
  /** Counts a call, until the function that is returned is told its end. */
  begin(): (end: CallEnd) => void
}

/** Without a time from the provider; doubled each time that no call was answered in between. */
const FIRST_PAUSE_MS = 500
const MAX_PAUSE_MS = 15_000
/** A provider that names a longer time means the one call; the others are tried now and then. */
const MAX_ASKED_PAUSE_MS = 30_000
/** By so much of itself the number of calls grows while it is used once. */
const GROWTH = 0.1

/** @param maxInFlight calls at the same time when all is well */
export function createPace(maxInFlight: number): Pace {
  let limit = maxInFlight
  let inFlight = 0
  // How often the limit was lowered: what became of a call that began before then says nothing about the limit now.
  let round = 0
  let throttledInARow = 0
  let pausedUntil = 0

  function slowDown(isCurrent: boolean, retryAfterMs: number | null): void {
    const asked = retryAfterMs !== null && retryAfterMs <= MAX_ASKED_PAUSE_MS ? retryAfterMs : null
    if (asked === null && !isCurrent) return
    if (isCurrent) {
      limit = Math.max(1, Math.min(limit, inFlight) / 2)
      round += 1
      throttledInARow += 1
    }
    const pauseMs = asked ?? Math.min(FIRST_PAUSE_MS * 2 ** (throttledInARow - 1), MAX_PAUSE_MS)
    pausedUntil = Math.max(pausedUntil, performance.now() + pauseMs)
  }

  function speedUp(): void {
    throttledInARow = 0
    limit = Math.min(maxInFlight, limit + Math.max(1 / limit, GROWTH))
  }

  return {
    hasRoom: () => inFlight < Math.floor(limit) && performance.now() >= pausedUntil,
    pauseMs: () => pausedUntil - performance.now(),
    isLowered: () => limit < maxInFlight,
    begin() {
      inFlight += 1
      const own = round
      return (end) => {
        if (typeof end === 'object') slowDown(own === round, end.retryAfterMs)
        else if (end === 'answered' && own === round) speedUp()
        inFlight -= 1
      }
    },
  }
}
