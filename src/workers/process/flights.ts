import type { Suspect } from '../protocol.ts'
import type { CallOutcome, Origin } from '../worker.ts'

/** Why a worker ends, and whose call it was. */
export interface LastWords {
  readonly reason: string
  readonly call: Suspect
}

/** The calls in flight in one worker. */
export interface Flights {
  readonly size: number
  has(id: number | null): boolean
  /** The id of a new one. */
  add(origin: Origin, settle: (outcome: CallOutcome) => void): number
  /** Ends one with its outcome, if it is still in flight. */
  settle(id: number, outcome: CallOutcome): void
  /** One waits for others to end, and has not begun. */
  pause(id: number): void
  begin(id: number): void
  /** Ends one without: nobody waits for it any more. */
  drop(id: number): void
  /** Ends all of them: the worker is gone. */
  endAll(words: LastWords): void
  /** The call that is meant; null: none, or one of several. */
  blame(suspect: Suspect): number | null
  /** Also of a call that has ended, if that is not long ago. */
  originOf(id: number | null): Origin | null
}

/** Code may go on after its call has ended; so many calls are remembered to know whose it was. */
const MAX_REMEMBERED = 1_000

export function createFlights(): Flights {
  const settlers = new Map<number, (outcome: CallOutcome) => void>()
  const origins = new Map<number, Origin>()
  const paused = new Set<number>()
  let lastId = 0

  function blame(suspect: Suspect): number | null {
    if (suspect !== 'unknown') return suspect
    const [only, ...others] = [...settlers.keys()].filter((id) => !paused.has(id))
    return only !== undefined && others.length === 0 ? only : null
  }

  function settle(id: number, outcome: CallOutcome): void {
    const resolve = settlers.get(id)
    drop(id)
    resolve?.(outcome)
  }

  function drop(id: number): void {
    settlers.delete(id)
    paused.delete(id)
  }

  return {
    get size() {
      return settlers.size
    },
    has: (id) => id !== null && settlers.has(id),
    add(origin, resolve) {
      lastId += 1
      settlers.set(lastId, resolve)
      origins.set(lastId, origin)
      origins.delete(lastId - MAX_REMEMBERED)
      return lastId
    },
    settle,
    pause: (id) => paused.add(id),
    begin: (id) => paused.delete(id),
    drop,
    endAll({ reason, call }) {
      const guilty = blame(call)
      const cutOff: CallOutcome = { type: 'cut_off', reason, isSuspect: call === 'unknown' }
      for (const id of [...settlers.keys()]) {
        if (paused.has(id)) settle(id, { type: 'not_begun', reason })
        else settle(id, id === guilty ? { type: 'guilty', reason } : cutOff)
      }
    },
    blame,
    originOf: (id) => (id === null ? null : (origins.get(id) ?? null)),
  }
}
