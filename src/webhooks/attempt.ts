import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import type { OutboundClient } from '../net/client.ts'
import { deliver, type Outcome } from './deliver.ts'
import type { Delivery, Render } from './delivery.ts'
import { nextAttemptAt, type RetryPolicy } from './schedule.ts'
import type { Sign } from './sign.ts'
import { type DeliveryChange, findDelivery, keepBody, recordAttempt } from './store.ts'

export interface AttemptContext {
  readonly database: Database
  readonly client: OutboundClient
  readonly sign: Sign
  readonly render: Render
  readonly policy: RetryPolicy
  readonly log: Logger
}

const DATABASE_RETRY_MS = 1000

/** Sends a message once and records how it went. When aborted, nothing is recorded: the message stays due. */
export async function attempt(
  deliveryId: string,
  context: AttemptContext,
  signal: AbortSignal,
): Promise<void> {
  const { database, log, policy } = context
  const insist = <T>(operation: () => Promise<T>) => insistOn(operation, log, signal)
  try {
    const delivery = await insist(() => findDelivery(database.db, deliveryId))
    if (delivery === undefined) return
    const message = await insist(() => fixed(delivery, context))
    const change = changeOf(delivery, await deliver(message, context, signal), policy)
    await insist(() => database.commit((tx) => recordAttempt(tx, deliveryId, change)))
    report(delivery, change, log)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** With the body that every attempt sends, kept before the first one. */
async function fixed(
  delivery: Delivery,
  { database, render }: AttemptContext,
): Promise<Delivery & { readonly body: string }> {
  if (delivery.body !== null) return { ...delivery, body: delivery.body }
  const body = await render(delivery)
  await database.commit((tx) => keepBody(tx, delivery.id, body))
  return { ...delivery, body }
}

function changeOf(delivery: Delivery, outcome: Outcome, policy: RetryPolicy): DeliveryChange {
  const attempts = delivery.attempts + 1
  const { statusCode, retryAfter, error } = outcome
  const made = { attempts, lastStatusCode: statusCode, lastError: error }
  if (error === null) return { ...made, status: 'delivered', nextAttemptAt: delivery.nextAttemptAt }
  const nextAt = nextAttemptAt({ attempts, statusCode, retryAfter }, Date.now(), policy)
  return nextAt === null
    ? { ...made, status: 'failed', nextAttemptAt: delivery.nextAttemptAt }
    : { ...made, status: 'pending', nextAttemptAt: nextAt }
}

/** Goes on until the database does it: a message whose attempts are not counted would be sent again and again. */
async function insistOn<T>(
  operation: () => Promise<T>,
  log: Logger,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await operation()
  } catch (error) {
    log.error({ err: error }, 'the database does not serve the webhook outbox')
    await sleep(DATABASE_RETRY_MS, undefined, { signal })
    return await insistOn(operation, log, signal)
  }
}

function report({ id, runId, kind }: Delivery, change: DeliveryChange, log: Logger): void {
  const facts = { deliveryId: id, runId, kind, ...change }
  if (change.status === 'delivered') log.debug(facts, 'webhook delivered')
  else if (change.status === 'pending') log.warn(facts, 'webhook failed and will be tried again')
  else log.error(facts, 'webhook failed for good')
}
