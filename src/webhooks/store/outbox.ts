import { randomBytes } from 'node:crypto'
import type { Tx } from '../../db/database.ts'
import type { Delivery, DeliveryDraft, DeliveryOrder } from '../delivery.ts'
import { endOfLine, insertDeliveries } from './deliveries.ts'
import { callEndpoint } from './endpoints.ts'

/**
 * Queues messages of a run in the commit of the facts they tell of, so that neither is ever there without the other.
 *
 * @param drafts at least one
 * @param now ms since the epoch
 * @returns the endpoints that have something to be sent now: wake the sender for them once the commit is done
 */
export async function enqueue(
  tx: Tx,
  runId: string,
  drafts: readonly DeliveryDraft[],
  { order, now }: { readonly order: DeliveryOrder; readonly now: number },
): Promise<readonly string[]> {
  const lines = Map.groupBy(drafts, ({ webhook }) => webhook.endpoint)
  const deliveries: Delivery[] = []
  for (const [endpoint, line] of lines) {
    const { sequence, isBusy } = await endOfLine(tx, { runId, endpoint }, order)
    for (const [index, { seq, kind, webhook }] of line.entries())
      deliveries.push({
        ...webhook,
        id: createId(deliveries.length),
        runId,
        seq,
        kind,
        sequence: sequence + 1 + index,
        body: null,
        status: 'pending',
        attempts: 0,
        // One of a line at a time: they arrive in order as long as all goes well.
        nextAttemptAt: isBusy || index > 0 ? null : now,
        lastStatusCode: null,
        lastError: null,
        createdAt: now,
      })
  }
  await insertDeliveries(tx, deliveries)
  const due = deliveries.filter(({ nextAttemptAt }) => nextAttemptAt !== null)
  for (const { endpoint, origin } of due) await callEndpoint(tx, { id: endpoint, origin }, now)
  return due.map(({ endpoint }) => endpoint)
}

/** Sorts by the time of creation, to the µs and within a batch: what keeps first attempts in order. It may hold no ".". */
function createId(index: number): string {
  const us = Math.trunc((performance.timeOrigin + performance.now()) * 1000) + index
  return `msg_${us.toString(16).padStart(14, '0')}${randomBytes(9).toString('hex')}`
}
