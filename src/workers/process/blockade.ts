import type { Suspect } from '../protocol.ts'
import type { Flights, LastWords } from './flights.ts'
import type { Timers } from './timers.ts'

/** How long a call may hold up others once it is noticed. Alone in its worker it has until its time-out. */
const MAX_BLOCKED_MS = 3_000

/** The state of a worker in which one call lets nothing else run: an endless loop, or long work without a pause. */
export interface Blockade {
  begin(call: Suspect): void
  over(): void
  /** Whether it is this call that nothing else can run beside. */
  isHeldBy(id: number): boolean
  /** To be told of calls that were given up: a worker is not kept for what nobody waits for. */
  reconsider(): void
  /** Why the worker ends when it is ended for it. */
  lastWords(): LastWords
}

const REASON = 'it kept its process busy without a pause'

export function createBlockade(
  flights: Flights,
  timers: Timers,
  end: (words: LastWords) => void,
): Blockade {
  let heldBy: Suspect | undefined

  function blamed(): number | null {
    return heldBy === undefined ? null : flights.blame(heldBy)
  }

  function lastWords(): LastWords {
    return { reason: REASON, call: heldBy ?? 'unknown' }
  }

  function reconsider(): void {
    if (heldBy === undefined) return
    const isAlone = flights.size === 1 && flights.has(blamed())
    if (flights.size === 0) end(lastWords())
    else if (!isAlone) timers.setOnce('blocked', MAX_BLOCKED_MS, () => end(lastWords()))
  }

  return {
    begin(call) {
      heldBy = call
      reconsider()
    },
    over() {
      heldBy = undefined
      timers.clear('blocked')
    },
    isHeldBy: (id) => blamed() === id,
    reconsider,
    lastWords,
  }
}
