import { openDatabase } from '../../src/db/open.ts'
import { insertRun } from '../../src/runs/journal/store.ts'
import type { Authentication } from '../../src/runs/run.ts'
import type { Delivery } from '../../src/webhooks/delivery.ts'
import { enqueue } from '../../src/webhooks/outbox.ts'
import { findDelivery } from '../../src/webhooks/store.ts'
import { queuedRun } from '../harness/run.ts'

interface Message {
  readonly url: string
  /** Default `{}`. */
  readonly body?: string
  readonly authentication?: Authentication
  /** When it is queued; default now. */
  readonly now?: number
}

/** A database with runs that report to webhooks. */
export async function openOutbox(url = 'sqlite::memory:') {
  const database = await openDatabase(url)
  let seq = 0
  return {
    database,
    async startRun(): Promise<string> {
      const run = queuedRun()
      await database.commit((tx) => insertRun(tx, run))
      return run.id
    },
    /** Queues messages of one run in one commit. */
    async put(runId: string, ...messages: readonly Message[]): Promise<void> {
      await database.commit(async (tx) => {
        for (const { url: to, body = '{}', authentication = null, now = Date.now() } of messages) {
          const webhook = { url: to, authentication }
          seq += 1
          await enqueue(tx, [{ runId, seq, kind: 'task', webhook }], now)
          // As after a first attempt.
          await tx.updateTable('deliveries').set({ body }).where('seq', '=', seq).execute()
        }
      })
    },
    /** Messages of a run, in the order they were made. */
    async list(runId: string): Promise<readonly Delivery[]> {
      const rows = await database.db
        .selectFrom('deliveries')
        .select('id')
        .where('runId', '=', runId)
        .orderBy('createdAt')
        .orderBy('id')
        .execute()
      const found = await Promise.all(rows.map(({ id }) => findDelivery(database.db, id)))
      return found.filter((delivery) => delivery !== undefined)
    },
    [Symbol.asyncDispose]: () => database.close(),
  }
}
