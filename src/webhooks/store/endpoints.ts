import type { Kysely, Selectable } from 'kysely'
import type { Tables, Tx } from '../../db/database.ts'
import { statement } from '../../db/statement.ts'
import { type Endpoint, UNKNOWN } from '../endpoint.ts'
import { PENDING } from './deliveries.ts'

type Db = Kysely<Tables>
type Row = Selectable<Tables['endpoints']>

const callOrInsert = statement<Row & { now: number }>((db, value) =>
  db
    .insertInto('endpoints')
    .values({
      id: value('id'),
      origin: value('origin'),
      deliveredAt: value('deliveredAt'),
      failures: value('failures'),
      failingSince: value('failingSince'),
      pausedUntil: value('pausedUntil'),
      dueAt: value('dueAt'),
      disabledAt: value('disabledAt'),
      disabledReason: value('disabledReason'),
    })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet((eb) => ({
          dueAt: eb
            .case()
            .when('endpoints.pausedUntil', '>', value('now'))
            .then(eb.ref('endpoints.pausedUntil'))
            .else(value('now'))
            .end(),
        }))
        .where((eb) =>
          eb.or([eb('endpoints.dueAt', 'is', null), eb('endpoints.dueAt', '>', value('now'))]),
        ),
    ),
)

/** Says that a message for an endpoint is due. One that is left alone for now stays so. */
export async function callEndpoint(
  tx: Tx,
  { id, origin }: Pick<Endpoint, 'id' | 'origin'>,
  now: number,
): Promise<void> {
  await callOrInsert(tx, { id, origin, ...UNKNOWN, dueAt: now, now })
}

const selectEndpoint = statement<{ id: string }, Row>((db, value) =>
  db.selectFrom('endpoints').selectAll().where('id', '=', value('id')),
)

export async function findEndpoint(db: Db, id: string): Promise<Endpoint | undefined> {
  return (await selectEndpoint(db, { id }))[0]
}

const updateEndpoint = statement<Omit<Row, 'origin'>>((db, value) =>
  db
    .updateTable('endpoints')
    .set({
      deliveredAt: value('deliveredAt'),
      failures: value('failures'),
      failingSince: value('failingSince'),
      pausedUntil: value('pausedUntil'),
      dueAt: value('dueAt'),
      disabledAt: value('disabledAt'),
      disabledReason: value('disabledReason'),
    })
    .where('id', '=', value('id')),
)

/** Keeps how an endpoint is after an attempt, and when it is due from now on. */
export async function saveEndpoint(tx: Tx, before: Endpoint, health: Endpoint): Promise<Endpoint> {
  const after = { ...health, dueAt: await dueAtOf(tx, health) }
  const isSame =
    before.dueAt === after.dueAt &&
    before.deliveredAt === after.deliveredAt &&
    before.failures === after.failures
  if (!isSame) await updateEndpoint(tx, after)
  return after
}

/** Looks again when an endpoint is due: what waited for it may have been deleted. */
export async function correctEndpoint(tx: Tx, id: string): Promise<Endpoint | undefined> {
  const endpoint = await findEndpoint(tx, id)
  return endpoint && (await saveEndpoint(tx, endpoint, endpoint))
}

const selectNextAttempt = statement<{ endpoint: string }, { nextAttemptAt: number | null }>(
  (db, value) =>
    db
      .selectFrom('deliveries')
      .select('nextAttemptAt')
      .where('endpoint', '=', value('endpoint'))
      .where('status', '=', PENDING)
      .where('nextAttemptAt', 'is not', null)
      .orderBy('nextAttemptAt')
      .limit(1),
)

async function dueAtOf(tx: Tx, { id, pausedUntil }: Endpoint): Promise<number | null> {
  const [next] = await selectNextAttempt(tx, { endpoint: id })
  const nextAt = next?.nextAttemptAt ?? null
  return nextAt === null ? null : Math.max(nextAt, pausedUntil)
}

/** Where a list of due endpoints ended. */
export interface DueCursor {
  readonly dueAt: number
  readonly id: string
}

/** Those that became due after the cursor and until `now`, the longest waiting first. */
export const listDueEndpoints = statement<DueCursor & { now: number; limit: number }, Row>(
  (db, value) =>
    db
      .selectFrom('endpoints')
      .selectAll()
      .where(({ eb, refTuple, tuple }) =>
        eb(refTuple('dueAt', 'id'), '>', tuple(value('dueAt') as number | null, value('id'))),
      )
      .where('dueAt', '<=', value('now'))
      .orderBy('dueAt')
      .orderBy('id')
      .limit(value('limit')),
)

const selectNextDue = statement<{ now: number }, { dueAt: number | null }>((db, value) =>
  db
    .selectFrom('endpoints')
    .select('dueAt')
    .where('dueAt', '>', value('now'))
    .orderBy('dueAt')
    .limit(1),
)

/** When the next endpoint becomes due that is not due yet. */
export async function nextDueAt(db: Db, now: number): Promise<number | null> {
  return (await selectNextDue(db, { now }))[0]?.dueAt ?? null
}
