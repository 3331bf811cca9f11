import { parseKey } from '../../src/access/seal.ts'
import { openVault } from '../../src/access/vault.ts'
import { openDatabase } from '../../src/db/open.ts'
import { insertRun } from '../../src/runs/journal/store.ts'
import type { Authentication, SealedWebhook, WebhookKind } from '../../src/runs/run.ts'
import { createAddresses } from '../../src/webhooks/addresses.ts'
import { steadyNow } from '../../src/webhooks/clock.ts'
import type { Delivery, DeliveryOrder, Told } from '../../src/webhooks/delivery.ts'
import { findDelivery } from '../../src/webhooks/store/deliveries.ts'
import { enqueue } from '../../src/webhooks/store/outbox.ts'
import { queuedRun } from '../harness/run.ts'

interface ToPut {
  readonly url: string
  /** Default `{}`. */
  readonly body?: string
  readonly authentication?: Authentication | null
  /** When it is queued; default now. */
  readonly now?: number
}

const KEY = parseKey(Buffer.alloc(32, 9).toString('base64'))

/** A database with runs that report to webhooks. */
export async function openOutbox(url = 'sqlite::memory:', order: DeliveryOrder = 'relaxed') {
  const database = await openDatabase(url)
  const keys = KEY === undefined ? [] : [KEY]
  const vault = await openVault({ database, keys, reseal: async () => {} })
  const addresses = createAddresses(vault)
  const bodies = new Map<string, string>()
  const key = (runId: string, seq: number) => `${runId}/${seq}`

  function webhookOf(runId: string, { url: to, authentication = null }: ToPut): SealedWebhook {
    const { task } = addresses.seal(runId, { task: { url: to, authentication } })
    if (!task) throw new Error('it was not sealed')
    return task
  }

  return {
    database,
    addresses,
    order,
    /** Makes a message's body of what `put` was given, as a dialect makes it of an event. */
    render: async ({ runId, seq }: Told) => bodies.get(key(runId, seq)) ?? '{}',
    async startRun(): Promise<string> {
      const run = queuedRun()
      await database.commit((tx) => insertRun(tx, run))
      return run.id
    },
    /** The name of a URL's endpoint. */
    endpointOf: (to: string) => webhookOf('', { url: to }).endpoint,
    /** Queues messages of one run in one commit; gives the endpoints that have something to be sent. */
    async put(runId: string, ...messages: readonly ToPut[]): Promise<readonly string[]> {
      const drafts = messages.map((message) => {
        const seq = bodies.size + 1
        bodies.set(key(runId, seq), message.body ?? '{}')
        const kind: WebhookKind = 'task'
        return { seq, kind, webhook: webhookOf(runId, message), now: message.now ?? steadyNow() }
      })
      return await database.commit(async (tx) => {
        const due: string[] = []
        for (const draft of drafts)
          due.push(...(await enqueue(tx, runId, [draft], { order, now: draft.now })))
        return due
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

export type Outbox = Awaited<ReturnType<typeof openOutbox>>
