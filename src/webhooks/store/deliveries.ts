import { type Kysely, type Selectable, sql } from 'kysely'
import type { Tables, Tx } from '../../db/database.ts'
import { insertion, statement } from '../../db/statement.ts'
import type { WebhookKind } from '../../runs/run.ts'
import type { Delivery, DeliveryOrder, DeliveryStatus } from '../delivery.ts'

type Db = Kysely<Tables>

/**
 * As it stands in the indexes of what is pending. With a value that each run binds SQLite makes its plan anew each time, to
 * see whether such an index can be used.
 */
export const PENDING = sql.lit('pending')

/** The messages of a run to a URL. */
type Line = Pick<Delivery, 'runId' | 'endpoint'>

const selectLast = statement<Line, Pick<Delivery, 'sequence' | 'status' | 'attempts'>>(
  (db, value) =>
    db
      .selectFrom('deliveries')
      .select(['sequence', 'status', 'attempts'])
      .where('runId', '=', value('runId'))
      .where('endpoint', '=', value('endpoint'))
      .orderBy('sequence', 'desc')
      .limit(1)
      .$castTo<Pick<Delivery, 'sequence' | 'status' | 'attempts'>>(),
)

const selectPending = statement<Line, { id: string }>((db, value) =>
  db
    .selectFrom('deliveries')
    .select('id')
    .where('runId', '=', value('runId'))
    .where('endpoint', '=', value('endpoint'))
    .where('status', '=', PENDING)
    .limit(1),
)

/** What a new message of a line follows, and whether it has to wait for that. */
export async function endOfLine(
  tx: Tx,
  line: Line,
  order: DeliveryOrder,
): Promise<{ readonly sequence: number; readonly isBusy: boolean }> {
  const [last] = await selectLast(tx, line)
  if (last === undefined) return { sequence: 0, isBusy: false }
  const isWaiting = last.status === 'pending' && last.attempts === 0
  const mustWait = order === 'strict' && (await selectPending(tx, line)).length > 0
  return { sequence: last.sequence, isBusy: isWaiting || mustWait }
}

export const insertDeliveries = insertion('deliveries', [
  'id',
  'runId',
  'seq',
  'kind',
  'sequence',
  'endpoint',
  'origin',
  'address',
  'body',
  'status',
  'attempts',
  'nextAttemptAt',
  'lastStatusCode',
  'lastError',
  'createdAt',
])

export interface DueFilter {
  readonly endpoint: string
  /** ms since the epoch. */
  readonly now: number
  readonly limit: number
}

/** Messages to be attempted now, those in flight included, in the order they became due, then were made. */
export const listDue = statement<DueFilter, { id: string }>((db, value) =>
  db
    .selectFrom('deliveries')
    .select('id')
    .where('status', '=', PENDING)
    .where('endpoint', '=', value('endpoint'))
    .where('nextAttemptAt', '<=', value('now'))
    .orderBy('nextAttemptAt')
    .orderBy('id')
    .limit(value('limit')),
)

const selectDelivery = statement<{ id: string }, Selectable<Tables['deliveries']>>((db, value) =>
  db.selectFrom('deliveries').selectAll().where('id', '=', value('id')),
)

export async function findDelivery(db: Db, id: string): Promise<Delivery | undefined> {
  const [row] = await selectDelivery(db, { id })
  return row && { ...row, kind: row.kind as WebhookKind, status: row.status as DeliveryStatus }
}

/** Keeps what is about to be sent, so that every further attempt sends the same. */
export const keepBody = statement<{ id: string; body: string }>((db, value) =>
  db
    .updateTable('deliveries')
    .set({ body: value('body') })
    .where('id', '=', value('id')),
)

/** What an attempt changes. */
export type DeliveryChange = Pick<
  Delivery,
  'status' | 'attempts' | 'nextAttemptAt' | 'lastStatusCode' | 'lastError'
>

/** @param more is written besides */
const updateAttempted = (more: { readonly body?: null }) =>
  statement<DeliveryChange & { id: string; attemptsBefore: number }, { id: string }>((db, value) =>
    db
      .updateTable('deliveries')
      .set({
        status: value('status'),
        attempts: value('attempts'),
        nextAttemptAt: value('nextAttemptAt'),
        lastStatusCode: value('lastStatusCode'),
        lastError: value('lastError'),
        ...more,
      })
      .where('id', '=', value('id'))
      .where('status', '=', PENDING)
      .where('attempts', '=', value('attemptsBefore'))
      .returning('id'),
  )
const updateDelivered = updateAttempted({ body: null })
const updateFailed = updateAttempted({})

/**
 * @param before as the attempt found it
 * @returns false when the message was decided about meanwhile, and nothing is written
 */
export async function recordAttempt(
  tx: Tx,
  { id, attempts }: Delivery,
  change: DeliveryChange,
): Promise<boolean> {
  const update = change.status === 'delivered' ? updateDelivered : updateFailed
  return (await update(tx, { ...change, id, attemptsBefore: attempts })).length > 0
}

type InLine = Pick<Delivery, 'runId' | 'endpoint' | 'sequence'>

const makeNextDue = statement<InLine & { now: number }>((db, value) =>
  db
    .updateTable('deliveries')
    .set({ nextAttemptAt: value('now') })
    .where('id', '=', (eb) =>
      eb
        .selectFrom('deliveries')
        .select('id')
        .where('runId', '=', value('runId'))
        .where('endpoint', '=', value('endpoint'))
        .where('sequence', '>', value('sequence'))
        .where('status', '=', PENDING)
        .orderBy('sequence')
        .limit(1),
    )
    .where('nextAttemptAt', 'is', null),
)

/** Makes the message due that comes after another, if it waited for that. */
export async function passTurn(tx: Tx, before: InLine, now: number): Promise<void> {
  await makeNextDue(tx, { ...before, now })
}
