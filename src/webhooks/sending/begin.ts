import type { Database } from '../../db/database.ts'
import type { Endpoint } from '../endpoint.ts'
import { listDue } from '../store/deliveries.ts'
import { LANES, type Lane, type Lanes } from './lanes.ts'
import type { Ready, Waiting } from './ready.ts'

export interface BeginDeps {
  readonly db: Database['db']
  readonly ready: Ready
  readonly lanes: Lanes
  readonly isOpen: () => boolean
  /** Begins an attempt. */
  readonly begin: (deliveryId: string, endpoint: Endpoint, lane: Lane) => void
  /** Corrects the row of an endpoint that was said to be due, and has nothing. */
  readonly settle: (endpoint: Endpoint) => Promise<void>
}

/**
 * Begins every attempt that there is room for.
 *
 * @param now ms since the epoch
 */
export async function beginDue(deps: BeginDeps, now: number): Promise<void> {
  const { ready, lanes, isOpen } = deps
  for (const lane of LANES) {
    moveOn(deps, lane, now)
    for (const waiting of ready.first(lane, lanes.room(lane)))
      if (isOpen()) await beginAt(deps, waiting, lane, now)
  }
}

/** To the lanes where they belong by now: the first ones of a lane have been there for longest. */
function moveOn({ ready, lanes }: BeginDeps, lane: Lane, now: number): void {
  for (const waiting of ready.of(lane)) {
    const actual = lanes.laneOf(waiting.endpoint, now - waiting.since)
    if (actual === lane) return
    ready.add(waiting, actual)
  }
}

async function beginAt(deps: BeginDeps, waiting: Waiting, lane: Lane, now: number): Promise<void> {
  const { ready, lanes, db } = deps
  const { endpoint } = waiting
  const own = lanes.roomAt(endpoint, lane)
  const room = Math.min(own, lanes.room(lane), lanes.roomAtOrigin(endpoint.origin))
  // The end of an attempt there tells of it again.
  if (own === 0) return ready.remove(endpoint)
  if (room <= 0) return ready.putBack(waiting, lane)
  const limit = room + lanes.inFlightAt(endpoint)
  const due = await listDue(db, { endpoint: endpoint.id, now, limit })
  const next = due.filter(({ id }) => !lanes.isInFlight(id)).slice(0, room)
  if (due.length === 0) await deps.settle(endpoint)
  if (!deps.isOpen()) return
  for (const { id } of next) deps.begin(id, endpoint, lane)
  if (next.length < room || room === own) ready.remove(endpoint)
  else ready.putBack(waiting, lane)
}
