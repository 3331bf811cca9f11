import type { Kysely, Selectable } from 'kysely'
import { fromJson, type Tables, type Tx } from '../db/database.ts'
import type { Delivery, DeliveryKind, DeliveryStatus } from './delivery.ts'

type Db = Kysely<Tables>

export interface DueFilter {
  /** ms since the epoch. */
  readonly now: number
  readonly limit: number
  /** Runs and URLs that are being told something just now. */
  readonly busy: readonly Omit<DueDelivery, 'id'>[]
  /** `https://host:port` that are not to be asked more. */
  readonly fullOrigins: readonly string[]
}

/** A message that is to be attempted; its body may be long, and is read when that begins. */
export interface DueDelivery {
  readonly id: string
  readonly runId: string
  readonly url: string
}

/** Those to be attempted now, in the order they became due, then were made. */
export async function listDue(db: Db, filter: DueFilter): Promise<readonly DueDelivery[]> {
  return await db
    .selectFrom('deliveries')
    .select(['id', 'runId', 'url'])
    .where('status', '=', 'pending')
    .where('nextAttemptAt', '<=', filter.now)
    .where(({ eb, and, or, fn, val }) =>
      and([
        ...filter.busy.map(({ runId, url }) =>
          or([eb('runId', '!=', runId), eb('url', '!=', url)]),
        ),
        ...filter.fullOrigins
          .map((origin) => `${origin}/`)
          .map((start) => eb(fn('substr', ['url', val(1), val(start.length)]), '!=', start)),
      ]),
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

/** When the first message after `after` becomes due; null when none does. */
export async function findNextDueAt(db: Db, after: number): Promise<number | null> {
  const row = await db
    .selectFrom('deliveries')
    .select('nextAttemptAt')
    .where('status', '=', 'pending')
    .where('nextAttemptAt', '>', after)
    .orderBy('nextAttemptAt')
    .limit(1)
    .executeTakeFirst()
  return row?.nextAttemptAt ?? null
}

/** In the order they were made. */
export async function listByRun(db: Db, runId: string): Promise<readonly Delivery[]> {
  const rows = await db
    .selectFrom('deliveries')
    .selectAll()
    .where('runId', '=', runId)
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
  return rows.map(toDelivery)
}

/** What an attempt changes. */
export type DeliveryChange = Pick<
  Delivery,
  'status' | 'attempts' | 'nextAttemptAt' | 'lastStatusCode' | 'lastError'
>

export async function recordAttempt(tx: Tx, id: string, change: DeliveryChange): Promise<void> {
  await tx.updateTable('deliveries').set(change).where('id', '=', id).execute()
}

function toDelivery(row: Selectable<Tables['deliveries']>): Delivery {
  const { url, authentication, ...rest } = row
  return {
    ...rest,
    kind: row.kind as DeliveryKind,
    status: row.status as DeliveryStatus,
    webhook: { url, authentication: authentication === null ? null : fromJson(authentication) },
  }
}
