import type { Logger } from 'pino'
import type { Database } from '../../db/database.ts'
import type { OutboundClient } from '../../net/client.ts'
import type { Addresses } from '../addresses.ts'
import { steadyNow } from '../clock.ts'
import type { DeliveryOrder, Render } from '../delivery.ts'
import { type Endpoint, PAUSES_MS } from '../endpoint.ts'
import { RETRY_DELAYS_MS } from '../schedule.ts'
import { correctEndpoint } from '../store/endpoints.ts'
import { tidy } from '../store/tidy.ts'
import { attempt, type Finished } from './attempt.ts'
import { beginDue } from './begin.ts'
import { createBudget } from './budget.ts'
import { createDue } from './due.ts'
import { createLanes, type Lane } from './lanes.ts'
import { createPump } from './pump.ts'
import { createReady } from './ready.ts'
import type { RecordPolicy } from './record.ts'
import { createSign } from './sign.ts'
import type { Result } from './traffic.ts'

/** Sends what is in the outbox, until each message is delivered or given up. */
export interface Sender {
  /** Takes up everything that is due, also from before a crash. */
  start(): void
  /** Says that endpoints may have something new. Does nothing unless started. */
  wake(endpoints: readonly string[]): void
  /**
   * Begins no attempt any more and lets those in flight end within the grace. The others are aborted and not recorded,
   * so the next process makes them again. A stopped sender stays stopped.
   */
  stop(graceMs: number): Promise<void>
}

export interface SenderOptions {
  readonly database: Database
  readonly client: OutboundClient
  readonly addresses: Pick<Addresses, 'open'>
  /** Makes the body of a message when it is first sent. */
  readonly render: Render
  /** `whsec_…`, at least one. */
  readonly secrets: readonly string[]
  readonly order: DeliveryOrder
  readonly log: Logger
  /** How long to wait after each failed attempt. Default {@link RETRY_DELAYS_MS}. */
  readonly scheduleMs?: readonly number[]
  /** How long an endpoint is left alone after failures in a row. Default {@link PAUSES_MS}. */
  readonly pausesMs?: readonly number[]
}

/** Endpoints that wait in memory for room; the others stay in the database until some of these are through. */
const MAX_READY = 10_000
/** What somebody has missed is found then. */
const LOOK_ANEW_MS = 3_600_000
/** Of bodies in flight: for receivers that are well and for the others each, so that these do not take it all. */
const BUDGET = { maxBytes: 64 * 1024 * 1024, maxUnweighed: 4 }

/** @throws Error when a secret is none */
export function createSender(options: SenderOptions): Sender {
  const { database, log } = options
  const context = { ...options, sign: createSign(options.secrets), policy: policyOf(options) }
  const budgets = { healthy: createBudget(BUDGET), others: createBudget(BUDGET) }
  const attempts = new Set<Promise<void>>()
  const abort = new AbortController()
  const due = createDue(database.db)
  const ready = createReady()
  const pump = createPump({
    look,
    onError: (err) => log.error({ err }, 'the database does not serve the webhook outbox'),
  })
  const lanes = createLanes(pump.wake)
  let isOpen = false
  let anewAt = 0

  async function look(): Promise<number | null> {
    const now = steadyNow()
    if (now >= anewAt) {
      await tidy(options, { now, isFirst: anewAt === 0 })
      due.reset()
      anewAt = now + LOOK_ANEW_MS
    }
    const endpoints = [...(await due.next(now, MAX_READY - ready.size())), ...(await due.told(now))]
    for (const endpoint of endpoints) ready.add({ endpoint, since: now }, lanes.laneOf(endpoint, 0))
    const deps = { db: database.db, ready, lanes, isOpen: () => isOpen, begin, settle }
    await beginDue(deps, now)
    return ready.size() < MAX_READY ? due.nextAt() : null
  }

  function begin(deliveryId: string, endpoint: Endpoint, lane: Lane): void {
    const begun = lanes.begin(deliveryId, endpoint, lane)
    const budget = lane === 'healthy' ? budgets.healthy : budgets.others
    const ended = attempt(deliveryId, context, { budget, signal: abort.signal })
      .catch((err: unknown) => {
        log.error({ err, deliveryId }, 'webhook could not be attempted')
        return null
      })
      .then((finished) => {
        begun.end(resultOf(finished))
        attempts.delete(ended)
        due.tell(endpoint.id, finished?.endpoint)
        pump.wake()
      })
    attempts.add(ended)
  }

  async function settle(endpoint: Endpoint): Promise<void> {
    due.tell(endpoint.id, await database.commit((tx) => correctEndpoint(tx, endpoint.id)))
    pump.wake()
  }

  return {
    start() {
      isOpen = true
      pump.start()
    },
    wake(endpoints) {
      if (!isOpen) return
      for (const id of endpoints) due.tell(id)
      pump.wake()
    },
    async stop(graceMs) {
      isOpen = false
      const grace = setTimeout(() => abort.abort(), graceMs)
      await Promise.all([pump.stop(), ...attempts])
      clearTimeout(grace)
    },
  }
}

function policyOf({ order, scheduleMs, pausesMs }: SenderOptions): RecordPolicy {
  return {
    order,
    delaysMs: scheduleMs ?? RETRY_DELAYS_MS,
    pausesMs: pausesMs ?? PAUSES_MS,
    random: Math.random,
  }
}

function resultOf(finished: Finished): Result {
  if (finished === null || !finished.attempted.wasSent) return 'unknown'
  const { error, statusCode } = finished.attempted.outcome
  if (error === null) return 'delivered'
  return statusCode === null ? 'unanswered' : 'refused'
}
