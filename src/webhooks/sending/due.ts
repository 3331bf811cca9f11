import type { Database } from '../../db/database.ts'
import type { Endpoint } from '../endpoint.ts'
import { type DueCursor, findEndpoint, listDueEndpoints, nextDueAt } from '../store/endpoints.ts'

/** Finds out which endpoints have something due. The database is only asked for those that have become so. */
export interface Due {
  /** Something may be due at an endpoint; `known` when its row was read just now. */
  tell(id: string, known?: Endpoint): void
  /** Those that were told of since the last call and are due. */
  told(now: number): Promise<readonly Endpoint[]>
  /** Those that have become due with time, the longest waiting first. */
  next(now: number, limit: number): Promise<readonly Endpoint[]>
  /** When `next` will have something, in ms since the epoch; null: not before something is told. */
  nextAt(): number | null
  /** From now on `next` gives everything again that is due. */
  reset(): void
}

const FROM_START: DueCursor = { dueAt: 0, id: '' }
/** Behind every endpoint that became due at the same time: their ids are hexadecimal. */
const LAST_ID = '~'

export function createDue(db: Database['db']): Due {
  let told = new Map<string, Endpoint | null>()
  let cursor: DueCursor = FROM_START
  let nextAt: number | null = 0

  /** Of those that are not due the time is noted. */
  function isDue({ dueAt }: Endpoint, now: number): boolean {
    if (dueAt !== null && dueAt > now) nextAt = Math.min(dueAt, nextAt ?? dueAt)
    return dueAt !== null && dueAt <= now
  }

  async function takeTold(now: number): Promise<readonly Endpoint[]> {
    const batch = told
    told = new Map()
    const due: Endpoint[] = []
    try {
      for (const [id, known] of batch) {
        const endpoint = known ?? (await findEndpoint(db, id))
        if (endpoint !== undefined && isDue(endpoint, now)) due.push(endpoint)
      }
      return due
    } catch (error) {
      for (const id of batch.keys()) told.set(id, null)
      throw error
    }
  }

  async function takeNext(now: number, limit: number): Promise<readonly Endpoint[]> {
    if (nextAt === null || nextAt > now || limit <= 0) return []
    const due = await listDueEndpoints(db, { ...cursor, now, limit })
    const last = due.at(-1)
    if (last !== undefined && due.length === limit) {
      cursor = { dueAt: last.dueAt ?? 0, id: last.id }
    } else {
      cursor = { dueAt: now, id: LAST_ID }
      nextAt = await nextDueAt(db, now)
    }
    return due
  }

  return {
    tell(id, known) {
      // Of two that tell of it at once nobody knows whose row is the newer one.
      told.set(id, told.has(id) ? null : (known ?? null))
    },
    told: takeTold,
    next: takeNext,
    nextAt: () => nextAt,
    reset() {
      cursor = FROM_START
      nextAt = 0
    },
  }
}
