import { type CallEnd, createPace } from './pace.ts'

/** The one door to a provider key, for all runs of the process. Waits only while the {@link createPace} says so. */
export interface Limiter {
  /**
   * Waits for its turn. Who has tried for longest goes first, so that nobody is overtaken for ever.
   *
   * @param since when the call was first tried, in ms since the epoch
   * @returns what must be told the end of the call; null when its turn is too far off to wait for here
   * @throws the signal's reason, as soon as it is aborted
   */
  enter(since: number, signal: AbortSignal): Turn | Promise<Turn | null>
}

type Turn = (end: CallEnd) => void

interface Waiting {
  readonly since: number
  readonly signal: AbortSignal
  /** Resolves or rejects what the call waits for. */
  readonly admit: (turn: Turn | null) => void
  readonly abort: () => void
  readonly patience: NodeJS.Timeout
}

/** Of one key; more than any provider grants. */
export const MAX_IN_FLIGHT = 1000

/** So long a call waits before it is asked whether its turn is as far off still; then it leaves, for its run to make room. */
const MAX_WAIT_MS = 30_000
/** Who has to wait so long leaves at once. */
const HOPELESS_MS = 300_000
/** Of the newest interval in the average of all. */
const WEIGHT = 0.1

/** @param maxInFlight calls at the same time when all is well */
export function createLimiter(maxInFlight: number = MAX_IN_FLIGHT): Limiter {
  const pace = createPace(maxInFlight)
  const queue: Waiting[] = []
  let wakeUp: NodeJS.Timeout | undefined
  // Between two calls that were let in while others waited: so fast the queue moves, pauses included.
  let intervalMs = 0
  let movedAt = 0

  function begin(): Turn {
    const ended = pace.begin()
    return (end) => {
      ended(end)
      admitWaiting()
    }
  }

  function admitWaiting(): void {
    // Read first: of a pause that ends while this runs, nothing else would tell.
    const pauseMs = pace.pauseMs()
    while (queue.length > 0 && pace.hasRoom()) {
      move()
      remove(queue[0])?.admit(begin())
    }
    if (pace.isLowered())
      while (queue.length * intervalMs > HOPELESS_MS) remove(queue.at(-1))?.admit(null)
    clearTimeout(wakeUp)
    if (queue.length > 0 && pauseMs > 0) wakeUp = setTimeout(admitWaiting, pauseMs)
  }

  function move(): void {
    const now = performance.now()
    intervalMs += WEIGHT * (now - movedAt - intervalMs)
    movedAt = now
  }

  /** While the pace is not lowered, calls are many and not too many: all get their turn. */
  function isTooFarBack(waiting: Waiting): boolean {
    const stalledMs = performance.now() - movedAt
    const waitMs = (queue.indexOf(waiting) + 1) * Math.max(intervalMs, stalledMs)
    return pace.isLowered() && waitMs >= MAX_WAIT_MS
  }

  function remove(waiting: Waiting | undefined): Waiting | undefined {
    if (waiting === undefined) return undefined
    queue.splice(queue.indexOf(waiting), 1)
    clearInterval(waiting.patience)
    waiting.signal.removeEventListener('abort', waiting.abort)
    return waiting
  }

  function queueUp(since: number, signal: AbortSignal): Promise<Turn | null> {
    const { promise, resolve, reject } = Promise.withResolvers<Turn | null>()
    const waiting: Waiting = {
      since,
      signal,
      admit: resolve,
      abort() {
        remove(waiting)
        reject(signal.reason)
        admitWaiting()
      },
      patience: setInterval(() => {
        if (!isTooFarBack(waiting)) return
        remove(waiting)?.admit(null)
        admitWaiting()
      }, MAX_WAIT_MS),
    }
    signal.addEventListener('abort', waiting.abort, { once: true })
    if (queue.length === 0) movedAt = performance.now()
    queue.splice(queue.findLastIndex((other) => other.since <= since) + 1, 0, waiting)
    admitWaiting()
    return promise
  }

  return {
    enter(since, signal) {
      signal.throwIfAborted()
      return queue.length === 0 && pace.hasRoom() ? begin() : queueUp(since, signal)
    },
  }
}
