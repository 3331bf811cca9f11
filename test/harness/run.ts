import { randomUUID } from 'node:crypto'
import { NO_WEBHOOKS, type Run } from '../../src/runs/run.ts'

/** A run as kickoff makes it. */
export function queuedRun(fields: Partial<Run> = {}): Run {
  return {
    id: randomUUID(),
    crew: 'research',
    status: 'queued',
    inputs: {},
    meta: {},
    webhooks: NO_WEBHOOKS,
    epoch: 0,
    lastSeq: 1,
    crashes: 0,
    simulated: false,
    output: null,
    error: null,
    createdAt: 1_000,
    startedAt: null,
    updatedAt: 1_000,
    endedAt: null,
    ...fields,
  }
}
