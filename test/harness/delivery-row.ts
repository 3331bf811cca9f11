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
    origin: 'https://hooks.example.com',
    url: 'https://hooks.example.com/crew',
    authentication: null,
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
