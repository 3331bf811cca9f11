import type { Database } from '../../db/database.ts'
import type { DeliveryOrder } from '../delivery.ts'
import { MAX_DELAY_MS } from '../schedule.ts'
import { correctClock, findForgotten, forgetEndpoints, lineUp } from './upkeep.ts'

const DAY_MS = 24 * 3_600_000
/** Until then it is known after a restart that an endpoint takes messages. */
const WELL_REMEMBERED_MS = DAY_MS
/** After that an endpoint in trouble is a new one. */
const FAILING_REMEMBERED_MS = 30 * DAY_MS
/** A transaction on SQLite never yields to the event loop, so it is kept short. */
const BATCH = 500

interface TidyDeps {
  readonly database: Database
  readonly order: DeliveryOrder
}

/** Puts the outbox in order: at the start of a process, and now and then. */
export async function tidy(
  { database: { commit }, order }: TidyDeps,
  { now, isFirst }: { readonly now: number; readonly isFirst: boolean },
): Promise<void> {
  await commit(async (tx) => {
    if (isFirst && order === 'strict') await lineUp(tx)
    if (isFirst) await findForgotten(tx, now)
    await correctClock(tx, { latest: now + MAX_DELAY_MS, now })
  })
  const well = now - WELL_REMEMBERED_MS
  const failing = now - FAILING_REMEMBERED_MS
  let count: number
  do count = await commit((tx) => forgetEndpoints(tx, { well, failing, limit: BATCH }))
  while (count === BATCH)
}
