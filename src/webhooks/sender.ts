import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import type { OutboundClient } from '../net/client.ts'
import { attempt } from './attempt.ts'
import type { Render } from './delivery.ts'
import { createInFlight } from './in-flight.ts'
import { RETRY_DELAYS_MS } from './schedule.ts'
import { createSign } from './sign.ts'
import { type DueDelivery, listDue, listWaitingOrigins } from './store.ts'

/** Sends what is in the outbox, until each message is delivered or given up. */
export interface Sender {
  /** Takes up everything that is due, also from before a crash. */
  start(): void
  /** Says that the outbox may hold something new. Does nothing unless started. */
  wake(): void
  /**
   * Begins no attempt any more and lets those in flight end within the grace. The others are aborted and not recorded,
   * so the next process makes them again. A stopped sender stays stopped.
   */
  stop(graceMs: number): Promise<void>
}

export interface SenderOptions {
  readonly database: Database
  readonly client: OutboundClient
  /** Makes the body of a message, once. */
  readonly render: Render
  /** `whsec_…`, at least one. */
  readonly secrets: readonly string[]
  readonly log: Logger
  /** How long to wait after each failed attempt. Default {@link RETRY_DELAYS_MS}. */
  readonly scheduleMs?: readonly number[]
}

/** A longer wait is made of several: timers of Node end at 24 days. */
const MAX_SLEEP_MS = 3_600_000
const DATABASE_RETRY_MS = 1000

/** @throws Error when a secret is none */
export function createSender(options: SenderOptions): Sender {
  const { database, log } = options
  const policy = { delaysMs: options.scheduleMs ?? RETRY_DELAYS_MS, random: Math.random }
  const context = { ...options, sign: createSign(options.secrets), policy }
  const inFlight = createInFlight()
  const abort = new AbortController()
  let isRunning = false
  let isWoken = false
  let pumping: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined

  function wake(): void {
    if (!isRunning) return
    isWoken = true
    pumping ??= pump()
  }

  async function pump(): Promise<void> {
    while (isWoken && isRunning) {
      isWoken = false
      const at = await beginDue(Date.now()).catch((error) => {
        log.error({ err: error }, 'the database does not serve the webhook outbox')
        return Date.now() + DATABASE_RETRY_MS
      })
      clearTimeout(timer)
      if (at !== null && isRunning)
        timer = setTimeout(wake, Math.min(Math.max(0, at - Date.now()), MAX_SLEEP_MS))
    }
    pumping = null
  }

  /** What may not begin yet is looked at again when an attempt ends. Resolves to when the next message becomes due. */
  async function beginDue(now: number): Promise<number | null> {
    const waiting = await listWaitingOrigins(database.db)
    for (const { origin, dueAt } of waiting) if (dueAt <= now) await beginAt(origin, now)
    return waiting.find(({ dueAt }) => dueAt > now)?.dueAt ?? null
  }

  async function beginAt(origin: string, now: number): Promise<void> {
    const limit = inFlight.room(origin)
    if (limit === 0) return
    const due = await listDue(database.db, { origin, now, limit, busy: inFlight.at(origin) })
    for (const delivery of due) if (inFlight.mayBegin(delivery)) begin(delivery)
    // Of several for one URL of one run only the first has begun, so there may be others to fill the room.
    if (due.length === limit) await beginAt(origin, now)
  }

  function begin(delivery: DueDelivery): void {
    void inFlight.add(delivery, attempt(delivery.id, context, abort.signal)).then(wake)
  }

  return {
    start() {
      isRunning = true
      wake()
    },
    wake,
    async stop(graceMs) {
      isRunning = false
      clearTimeout(timer)
      const grace = setTimeout(() => abort.abort(), graceMs)
      await Promise.all([inFlight.close(), pumping])
      clearTimeout(grace)
    },
  }
}
