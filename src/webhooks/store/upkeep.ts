import type { Tx } from '../../db/database.ts'
import { PENDING, passTurn } from './deliveries.ts'
import { callEndpoint } from './endpoints.ts'

// What is done to many rows at once, and seldom.

/** Makes messages due whose last attempt was not answered: their receiver is back. */
export async function retryUnanswered(tx: Tx, endpoint: string, now: number): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ nextAttemptAt: now })
    .where('endpoint', '=', endpoint)
    .where('status', '=', PENDING)
    .where('nextAttemptAt', '>', now)
    .where('lastStatusCode', 'is', null)
    .execute()
}

interface GiveUp {
  readonly endpoint: string
  /** Those that were made before, in ms since the epoch. */
  readonly before: number
  readonly reason: string
  readonly now: number
  readonly limit: number
}

/** Gives up what waits for an endpoint. Returns how many messages those were: `limit` when there may be more. */
export async function giveUp(tx: Tx, options: GiveUp): Promise<number> {
  const given = await tx
    .selectFrom('deliveries')
    .select(['id', 'runId', 'endpoint', 'sequence'])
    .where('endpoint', '=', options.endpoint)
    .where('status', '=', PENDING)
    .where('createdAt', '<', options.before)
    .limit(options.limit)
    .execute()
  for (const one of given) {
    await tx
      .updateTable('deliveries')
      .set({ status: 'failed', nextAttemptAt: null, lastError: options.reason })
      .where('id', '=', one.id)
      .execute()
    await passTurn(tx, one, options.now)
  }
  return given.length
}

/** Lets of each line only the first message be due: lines may have been made when the order was not strict. */
export async function lineUp(tx: Tx): Promise<void> {
  await tx
    .updateTable('deliveries as one')
    .set({ nextAttemptAt: null })
    .where('one.status', '=', PENDING)
    .where('one.nextAttemptAt', 'is not', null)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('deliveries as earlier')
          .select('earlier.id')
          .whereRef('earlier.runId', '=', 'one.runId')
          .whereRef('earlier.endpoint', '=', 'one.endpoint')
          .whereRef('earlier.sequence', '<', 'one.sequence')
          .where('earlier.status', '=', PENDING),
      ),
    )
    .execute()
}

/** Makes everything due now that is put off beyond `latest`: whoever wrote it had a wrong clock. */
export async function correctClock(
  tx: Tx,
  { latest, now }: { readonly latest: number; readonly now: number },
): Promise<void> {
  const wrong = await tx.selectFrom('endpoints').select('id').where('dueAt', '>', latest).execute()
  for (const { id } of wrong) {
    await tx
      .updateTable('deliveries')
      .set({ nextAttemptAt: now })
      .where('endpoint', '=', id)
      .where('status', '=', PENDING)
      .where('nextAttemptAt', '>', latest)
      .execute()
    await tx
      .updateTable('endpoints')
      .set({ dueAt: now, pausedUntil: now })
      .where('id', '=', id)
      .execute()
  }
}

interface Forgotten {
  /** Those that are well, and that nothing was sent to since then, in ms since the epoch. */
  readonly well: number
  /** Those in trouble. */
  readonly failing: number
  readonly limit: number
}

/** Forgets endpoints: addresses may be used only once. Returns how many: `limit` when there may be more. */
export async function forgetEndpoints(
  tx: Tx,
  { well, failing, limit }: Forgotten,
): Promise<number> {
  const forgotten = await tx
    .deleteFrom('endpoints')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('endpoints')
        .select('id')
        .where('dueAt', 'is', null)
        .where((one) =>
          one.or([
            one.and([
              one('failures', '=', 0),
              one(one.fn.coalesce('deliveredAt', one.lit(0)), '<', well),
            ]),
            one.and([one('failures', '>', 0), one('pausedUntil', '<', failing)]),
          ]),
        )
        .limit(limit),
    )
    .executeTakeFirst()
  return Number(forgotten.numDeletedRows)
}

/** Finds what waits and is not known to: messages that nothing goes before any more, endpoints whose row is missing. */
export async function findForgotten(tx: Tx, now: number): Promise<void> {
  await tx
    .updateTable('deliveries as one')
    .set({ nextAttemptAt: now })
    .where('one.status', '=', PENDING)
    .where('one.nextAttemptAt', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('deliveries as earlier')
            .select('earlier.id')
            .whereRef('earlier.runId', '=', 'one.runId')
            .whereRef('earlier.endpoint', '=', 'one.endpoint')
            .whereRef('earlier.sequence', '<', 'one.sequence')
            .where('earlier.status', '=', PENDING),
        ),
      ),
    )
    .execute()
  const waiting = await tx
    .selectFrom('deliveries')
    .select(({ fn }) => ['endpoint as id', fn.min('origin').as('origin')])
    .where('status', '=', PENDING)
    .where('nextAttemptAt', 'is not', null)
    .where('endpoint', 'not in', (eb) =>
      eb.selectFrom('endpoints').select('id').where('dueAt', 'is not', null),
    )
    .groupBy('endpoint')
    .execute()
  for (const endpoint of waiting) await callEndpoint(tx, endpoint, now)
}
