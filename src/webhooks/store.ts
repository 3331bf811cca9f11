import { type Kysely, type Selectable, sql } from 'kysely'
import { fromJson, type Tables, type Tx } from '../db/database.ts'
import type { Delivery, DeliveryKind, DeliveryStatus } from './delivery.ts'

type Db = Kysely<Tables>

/** A receiver that messages wait for. */
export interface WaitingOrigin {
  readonly origin: string
  /** When the first of them is due, in ms since the epoch; in flight, it still counts. */
  readonly dueAt: number
}

/**
 * The one whose message waits longest comes first. The index is asked for one origin after the other, so it does not
 * matter how many messages wait for each.
 */
export async function listWaitingOrigins(db: Db): Promise<readonly WaitingOrigin[]> {
  const { rows } = await sql<WaitingOrigin>`
    with recursive origins(origin) as (
      select min(origin) from deliveries where status = 'pending'
      union all
      select (select min(origin) from deliveries where status = 'pending' and origin > origins.origin)
      from origins where origins.origin is not null
    )
    select origins.origin, (
      select min("nextAttemptAt") from deliveries
      where status = 'pending' and deliveries.origin = origins.origin
    ) as "dueAt"
    from origins where origins.origin is not null order by "dueAt"
  `.execute(db)
  return rows
}

export interface DueFilter {
  readonly origin: string
  /** ms since the epoch. */
  readonly now: number
  readonly limit: number
  /** Their runs and URLs are left out. */
  readonly busy: readonly DueDelivery[]
}

/** A message that is to be attempted; its body may be long, and is read when that begins. */
export interface DueDelivery {
  readonly id: string
  readonly runId: string
  readonly origin: string
  readonly url: string
}

/** Those to be attempted now, in the order they became due, then were made. */
export async function listDue(db: Db, filter: DueFilter): Promise<readonly DueDelivery[]> {
  return await db
    .selectFrom('deliveries')
    .select(['id', 'runId', 'origin', 'url'])
    .where('status', '=', 'pending')
    .where('origin', '=', filter.origin)
    .where('nextAttemptAt', '<=', filter.now)
    .where(({ eb, and, or }) =>
      and(
        filter.busy.map(({ runId, url }) => or([eb('runId', '!=', runId), eb('url', '!=', url)])),
      ),
    )
    .orderBy('nextAttemptAt')
    .orderBy('id')
    .limit(filter.limit)
    .execute()
}

export async function findDelivery(db: Db, id: string): Promise<Delivery | undefined> {
  const row = await db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toDelivery(row)
}

/** What an attempt changes. */
export type DeliveryChange = Pick<
  Delivery,
  'status' | 'attempts' | 'nextAttemptAt' | 'lastStatusCode' | 'lastError'
>

export async function recordAttempt(tx: Tx, id: string, change: DeliveryChange): Promise<void> {
  await tx.updateTable('deliveries').set(change).where('id', '=', id).execute()
}

export async function keepBody(tx: Tx, id: string, body: string): Promise<void> {
  await tx.updateTable('deliveries').set({ body }).where('id', '=', id).execute()
}

function toDelivery(row: Selectable<Tables['deliveries']>): Delivery {
  const { url, origin: _, authentication, ...rest } = row
  return {
    ...rest,
    kind: row.kind as DeliveryKind,
    status: row.status as DeliveryStatus,
    webhook: { url, authentication: authentication === null ? null : fromJson(authentication) },
  }
}
