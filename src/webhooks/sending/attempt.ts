import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Database } from '../../db/database.ts'
import type { OutboundClient } from '../../net/client.ts'
import type { Webhook } from '../../runs/run.ts'
import type { Addresses } from '../addresses.ts'
import { steadyNow } from '../clock.ts'
import type { Delivery, Render } from '../delivery.ts'
import type { Endpoint } from '../endpoint.ts'
import { findDelivery, keepBody } from '../store/deliveries.ts'
import type { Budget } from './budget.ts'
import { deliver, type Letter } from './deliver.ts'
import {
  type Attempted,
  giveUpDisabled,
  type Recorded,
  type RecordPolicy,
  record,
} from './record.ts'
import type { Sign } from './sign.ts'

export interface AttemptContext {
  readonly database: Database
  readonly client: OutboundClient
  readonly sign: Sign
  readonly addresses: Pick<Addresses, 'open'>
  readonly render: Render
  readonly policy: RecordPolicy
  readonly log: Logger
}

/** What an attempt has come to; null when there was nothing to be sent any more, or it was aborted. */
export type Finished = { readonly attempted: Attempted; readonly endpoint: Endpoint } | null

const DATABASE_RETRY_MS = 1000

/** Sends a message once and records how it went. When aborted, nothing is recorded: the message stays due. */
export async function attempt(
  deliveryId: string,
  context: AttemptContext,
  { budget, signal }: { readonly budget: Budget; readonly signal: AbortSignal },
): Promise<Finished> {
  const { database, log, policy } = context
  const insist = <T>(operation: () => Promise<T>) => insistOn(operation, context, signal)
  const share = await budget.take()
  try {
    signal.throwIfAborted()
    const delivery = await insist(() => findDelivery(database.db, deliveryId))
    if (delivery?.status !== 'pending') return null
    const made = await makeLetter(delivery, context)
    share.weigh('letter' in made ? Buffer.byteLength(made.letter.body) : 0)
    if ('letter' in made && delivery.body === null)
      await insist(() => database.commit((tx) => keepBody(tx, made.letter)))
    const attempted = await send(delivery, made, context, signal)
    const recorded = await insist(() =>
      database.commit((tx) => record(tx, attempted, steadyNow(), policy)),
    )
    report(attempted, recorded, log)
    const { after } = recorded
    if (after.disabledAt !== null && attempted.outcome.error !== null)
      await insist(() => giveUpDisabled(database, after, steadyNow()))
    return { attempted, endpoint: after }
  } catch (error) {
    if (!signal.aborted) throw error
    return null
  } finally {
    share.give()
  }
}

type Made = { readonly letter: Letter } | { readonly error: string; readonly mayRetry: boolean }

async function makeLetter(delivery: Delivery, context: AttemptContext): Promise<Made> {
  const { addresses, render, log } = context
  const { id, runId, kind } = delivery
  let webhook: Webhook | null = null
  try {
    webhook = addresses.open(delivery)
    return { letter: { id, webhook, body: delivery.body ?? (await render(delivery)) } }
  } catch (err) {
    log.error({ err, deliveryId: id, runId, kind }, 'webhook could not be made')
    if (webhook === null) return { error: 'Its address cannot be decrypted.', mayRetry: false }
    return { error: 'The message could not be made; the log says why.', mayRetry: true }
  }
}

async function send(
  delivery: Delivery,
  made: Made,
  context: AttemptContext,
  signal: AbortSignal,
): Promise<Attempted> {
  if ('letter' in made) {
    const outcome = await deliver(made.letter, context, signal)
    return { delivery, outcome, wasSent: true, mayRetry: true }
  }
  const { error, mayRetry } = made
  const outcome = { statusCode: null, retryAfter: null, error }
  return { delivery, outcome, wasSent: false, mayRetry }
}

/** Goes on until the database does it: a message whose attempts are not counted would be sent again and again. */
async function insistOn<T>(
  operation: () => Promise<T>,
  context: AttemptContext,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await operation()
  } catch (error) {
    const { health } = context.database
    context.log.error({ err: error }, 'the database does not serve the webhook outbox')
    if (health.trouble() === null) await sleep(DATABASE_RETRY_MS, undefined, { signal })
    else await health.whenWell(signal)
    return await insistOn(operation, context, signal)
  }
}

function report({ delivery }: Attempted, { change, before, after }: Recorded, log: Logger): void {
  const { id, runId, kind, sequence, origin } = delivery
  const facts = { deliveryId: id, runId, kind, sequence, ...change }
  if (change?.status === 'delivered') log.debug(facts, 'webhook delivered')
  else if (change?.status === 'pending') log.warn(facts, 'webhook failed and will be tried again')
  else if (change?.status === 'failed') log.error(facts, 'webhook failed for good')
  const endpoint = { endpoint: after.id, origin, reason: after.disabledReason }
  if (before.disabledAt === null && after.disabledAt !== null)
    log.error(endpoint, 'webhook receiver disabled: its messages are given up after an hour')
  if (before.disabledAt !== null && after.disabledAt === null)
    log.info(endpoint, 'webhook receiver answers again and is no longer disabled')
}
