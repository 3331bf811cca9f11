import type { Insertable } from 'kysely'
import type { Tables } from '../../src/db/database.ts'

/** A message as the outbox keeps it. */
export function makeDeliveryRow(
  fields: Partial<Insertable<Tables['deliveries']>> = {},
): Insertable<Tables['deliveries']> {
  return {
    id: 'msg_1',
    runId: 'run',
    seq: 1,
    kind: 'crew',
    sequence: 1,
    // Each to a URL of its own.
    endpoint: fields.id ?? 'msg_1',
    origin: 'https://hooks.example.com',
    address: 'sealed',
    body: '{}',
    status: 'pending',
    attempts: 0,
    nextAttemptAt: 0,
    lastStatusCode: null,
    lastError: null,
    createdAt: 0,
    ...fields,
  }
}
