import type { Endpoint } from '../endpoint.ts'
import { createTraffic, type Result, type Traffic } from './traffic.ts'

/**
 * Attempts are kept apart by what is to be expected of the endpoint, so that those in trouble cannot take the room of
 * the others: `healthy` takes messages; `new` is not known yet, and `late` has been so for a while, because there was no
 * room; `failing` took messages until lately; `doubtful` never took one, as far as is known.
 */
export type Lane = (typeof LANES)[number]

export const LANES = ['healthy', 'new', 'late', 'failing', 'doubtful'] as const

/** An attempt that is being made. */
interface Attempt {
  readonly deliveryId: string
  readonly endpoint: Endpoint
  readonly end: (result: Result) => void
}

export interface Lanes {
  /** @param waitedMs how long it has waited for room */
  laneOf(endpoint: Endpoint, waitedMs: number): Lane
  /** How many more attempts may begin in a lane. */
  room(lane: Lane): number
  /** How many more may begin at an endpoint, as far as that one is concerned; its origin is asked on its own. */
  roomAt(endpoint: Endpoint, lane: Lane): number
  roomAtOrigin(origin: string): number
  isInFlight(deliveryId: string): boolean
  inFlightAt(endpoint: Endpoint): number
  begin(deliveryId: string, endpoint: Endpoint, lane: Lane): Attempt
}

/** A receiver that hangs holds an attempt for 20 s. */
const MAX_IN_FLIGHT: Readonly<Record<Lane, number>> = {
  healthy: 512,
  new: 8,
  late: 24,
  failing: 16,
  doubtful: 16,
}
/** An endpoint that is not known yet has so long to answer, or to wait for room, before it makes way for others. */
const PROMPT_MS = 250
/** With so many attempts that were not prompt none is begun late. Those at new ones are 32 a second for 20 s at most. */
const MAX_DOUBTFUL = 64
/** From the beginning of a doubtful attempt to the next: the dead shall not take the CPU time of the living. */
const DOUBTFUL_PACE_MS = 50
/** Of an endpoint that takes messages: it may be an accident, or about one message. */
const TOLERATED_FAILURES = 2
/** Attempts in a row that an origin may leave without an answer before a new URL of it is doubtful. */
const TOLERATED_SILENCE = 2

/** @param onRoom called when there is room that no attempt's end has made */
export function createLanes(onRoom: () => void): Lanes {
  const traffic = createTraffic()
  const inFlight = new Set<string>()
  const counts = { healthy: 0, new: 0, late: 0, failing: 0, doubtful: 0 }
  let isPaced = false

  function pace(): void {
    isPaced = true
    const go = () => {
      isPaced = false
      onRoom()
    }
    setTimeout(go, DOUBTFUL_PACE_MS).unref()
  }

  return {
    laneOf: (endpoint, waitedMs) => laneOf(endpoint, waitedMs, traffic),
    room(lane) {
      if (lane === 'doubtful' && isPaced) return 0
      if (lane === 'late' && counts.doubtful >= MAX_DOUBTFUL) return 0
      const room = Math.max(0, MAX_IN_FLIGHT[lane] - counts[lane])
      return lane === 'doubtful' ? Math.min(1, room) : room
    },
    roomAt: (endpoint, lane) =>
      Math.max(
        0,
        (lane === 'healthy' ? traffic.windowOf(endpoint) : 1) - traffic.inFlightAt(endpoint.id),
      ),
    roomAtOrigin: traffic.roomAtOrigin,
    isInFlight: (deliveryId) => inFlight.has(deliveryId),
    inFlightAt: ({ id }) => traffic.inFlightAt(id),
    begin(deliveryId, endpoint, lane) {
      let counted = lane
      const count = (as: Lane) => {
        counts[counted] -= 1
        counts[as] += 1
        counted = as
        onRoom()
      }
      const isUnknown = lane === 'new' || lane === 'late'
      const timer = isUnknown ? setTimeout(count, PROMPT_MS, 'doubtful') : undefined
      if (lane === 'doubtful') pace()
      inFlight.add(deliveryId)
      counts[lane] += 1
      traffic.begin(endpoint)
      return {
        deliveryId,
        endpoint,
        end(result) {
          clearTimeout(timer)
          inFlight.delete(deliveryId)
          counts[counted] -= 1
          traffic.end(endpoint, result)
        },
      }
    },
  }
}

function laneOf(endpoint: Endpoint, waitedMs: number, traffic: Traffic): Lane {
  const { origin, failures } = endpoint
  if (endpoint.deliveredAt !== null) return failures > TOLERATED_FAILURES ? 'failing' : 'healthy'
  const silence = traffic.silenceOf(origin)
  if (failures > 0 || (silence ?? 0) > TOLERATED_SILENCE) return 'doubtful'
  if (silence === 0) return 'healthy'
  return waitedMs > PROMPT_MS ? 'late' : 'new'
}
