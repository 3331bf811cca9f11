import { randomBytes } from 'node:crypto'
import { type Tx, toJson } from '../db/database.ts'
import type { DeliveryDraft } from './delivery.ts'

/**
 * Queues messages in the commit of the facts they tell of, so that neither is ever there without the other. Wake the
 * sender once the commit is done.
 *
 * @param now ms since the epoch
 */
export async function enqueue(
  tx: Tx,
  drafts: readonly DeliveryDraft[],
  now: number,
): Promise<void> {
  if (drafts.length === 0) return
  const rows = drafts.map(({ runId, seq, kind, webhook }, index) => ({
    id: createId(index),
    runId,
    seq,
    kind,
    origin: URL.parse(webhook.url)?.origin ?? webhook.url,
    url: webhook.url,
    authentication: webhook.authentication && toJson(webhook.authentication),
    body: null,
    status: 'pending',
    attempts: 0,
    nextAttemptAt: now,
    lastStatusCode: null,
    lastError: null,
    createdAt: now,
  }))
  await tx.insertInto('deliveries').values(rows).execute()
}

/** Sorts by the time of creation, to the µs and within a batch: what keeps first attempts in order. It may hold no ".". */
function createId(index: number): string {
  const us = Math.trunc((performance.timeOrigin + performance.now()) * 1000) + index
  return `msg_${us.toString(16).padStart(14, '0')}${randomBytes(9).toString('hex')}`
}
