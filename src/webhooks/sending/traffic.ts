import type { Endpoint } from '../endpoint.ts'

/** How an attempt went, as far as the next ones are concerned; `unknown` when it was not made, or aborted. */
export type Result = 'delivered' | 'refused' | 'unanswered' | 'unknown'

type At = Pick<Endpoint, 'id' | 'origin'>

/** What goes on at endpoints and their origins, and what has been learned of them since the process began. */
export interface Traffic {
  begin(at: At): void
  end(at: At, result: Result): void
  inFlightAt(id: string): number
  /** How many more attempts may begin at an origin. */
  roomAtOrigin(origin: string): number
  /** How many attempts an endpoint is sent side by side. */
  windowOf(endpoint: Endpoint): number
  /** How many attempts in a row an origin has left without an answer; undefined: none was made lately. */
  silenceOf(origin: string): number | undefined
}

/** Side by side at an endpoint once it has taken a message; one more with every further one. */
const FIRST_WINDOW = 4
const MAX_WINDOW = 32
/** However many URLs of it there are; less as long as it leaves attempts without an answer. */
const MAX_PER_ORIGIN = 64
const MAX_PER_SILENT_ORIGIN = 16
/** Whose window, and whose silence, is remembered. */
const MAX_REMEMBERED = 10_000

export function createTraffic(): Traffic {
  const atEndpoint = new Map<string, number>()
  const atOrigin = new Map<string, number>()
  const windows = new Map<string, number>()
  const silences = new Map<string, number>()

  function learn({ id, origin }: At, result: Exclude<Result, 'unknown'>): void {
    const window = windows.get(id)
    if (result === 'delivered')
      remember(windows, id, window === undefined ? FIRST_WINDOW : Math.min(window + 1, MAX_WINDOW))
    else if (window !== undefined) remember(windows, id, Math.max(1, Math.floor(window / 2)))
    remember(silences, origin, result === 'unanswered' ? (silences.get(origin) ?? 0) + 1 : 0)
  }

  return {
    begin({ id, origin }) {
      add(atEndpoint, id, 1)
      add(atOrigin, origin, 1)
    },
    end(at, result) {
      add(atEndpoint, at.id, -1)
      add(atOrigin, at.origin, -1)
      if (result !== 'unknown') learn(at, result)
    },
    inFlightAt: (id) => atEndpoint.get(id) ?? 0,
    roomAtOrigin(origin) {
      const max = silences.get(origin) === 0 ? MAX_PER_ORIGIN : MAX_PER_SILENT_ORIGIN
      return max - (atOrigin.get(origin) ?? 0)
    },
    windowOf: ({ id, deliveredAt }) => windows.get(id) ?? (deliveredAt === null ? 1 : FIRST_WINDOW),
    silenceOf: (origin) => silences.get(origin),
  }
}

function add(counts: Map<string, number>, key: string, count: number): void {
  const sum = (counts.get(key) ?? 0) + count
  if (sum === 0) counts.delete(key)
  else counts.set(key, sum)
}

/** Forgets what was not written for the longest time. */
function remember(map: Map<string, number>, key: string, value: number): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > MAX_REMEMBERED && oldest !== undefined) map.delete(oldest)
}
