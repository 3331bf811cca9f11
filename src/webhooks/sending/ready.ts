import type { Endpoint } from '../endpoint.ts'
import { LANES, type Lane } from './lanes.ts'

/** An endpoint that has something to be sent. */
export interface Waiting {
  readonly endpoint: Endpoint
  /** Since when it waits for room, in ms since the epoch. */
  readonly since: number
}

/** The endpoints that wait for room, by lane, each at most once. */
export interface Ready {
  readonly size: () => number
  /** Takes its place in the queue of a lane, from which one that is there already does not go away. */
  add(waiting: Waiting, lane: Lane): void
  /** Those of a lane, in order. */
  of(lane: Lane): Iterable<Waiting>
  /** The first of them, as they are now. */
  first(lane: Lane, count: number): readonly Waiting[]
  /** To the end of its queue. */
  putBack(waiting: Waiting, lane: Lane): void
  remove(endpoint: Endpoint): void
}

export function createReady(): Ready {
  const queues = {
    healthy: new Map<string, Waiting>(),
    new: new Map<string, Waiting>(),
    late: new Map<string, Waiting>(),
    failing: new Map<string, Waiting>(),
    doubtful: new Map<string, Waiting>(),
  } satisfies Record<Lane, unknown>

  function remove({ id }: Endpoint): void {
    for (const lane of LANES) queues[lane].delete(id)
  }

  return {
    size: () => LANES.reduce((sum, lane) => sum + queues[lane].size, 0),
    add(waiting, lane) {
      const { id } = waiting.endpoint
      const isKept = queues[lane].has(id)
      if (!isKept) remove(waiting.endpoint)
      const since = queues[lane].get(id)?.since ?? waiting.since
      queues[lane].set(id, { ...waiting, since })
    },
    of: (lane) => queues[lane].values(),
    first: (lane, count) => queues[lane].values().take(count).toArray(),
    putBack(waiting, lane) {
      queues[lane].delete(waiting.endpoint.id)
      queues[lane].set(waiting.endpoint.id, waiting)
    },
    remove,
  }
}
