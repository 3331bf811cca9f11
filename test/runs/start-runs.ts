import { pino } from 'pino'
import { expect, vi } from 'vitest'
import { createCatalog } from '../../src/crew/catalog.ts'
import type { Crew } from '../../src/crew/crew.ts'
import type { Database } from '../../src/db/database.ts'
import { inProcessDispatch } from '../../src/dispatch/in-process.ts'
import type { Model } from '../../src/llm/model.ts'
import type { ModelChoice } from '../../src/llm/model-choice.ts'
import { createRuns } from '../../src/runs/create-runs.ts'
import { NO_WEBHOOKS } from '../../src/runs/run.ts'
import { crew } from '../runtime/samples.ts'

const log = pino({ level: 'silent' })
export const kickoff = { crew: 'press', inputs: {}, meta: {}, webhooks: NO_WEBHOOKS }

interface Process {
  readonly database: Database
  readonly model: Model | ((choice: ModelChoice) => Model)
  readonly crews?: readonly Crew[]
  /** What the journal's hook does before it returns. */
  readonly onEvent?: (type: string) => void
  readonly maxConcurrentRuns?: number
  readonly maxQueuedRuns?: number
  readonly isAccepting?: () => boolean
}

/** What a server process has of runs, without its HTTP. */
export function startRuns(process: Process) {
  const { database, model, crews = [crew()], onEvent } = process
  const { maxConcurrentRuns = 5, maxQueuedRuns = 100 } = process
  const { health } = database
  const dispatch = inProcessDispatch({ maxConcurrentRuns, retryDelayMs: 1, health, log })
  const runs = createRuns({
    database,
    dispatch,
    catalog: createCatalog(crews, null),
    model: typeof model === 'function' ? model : () => model,
    isSimulated: () => false,
    maxQueuedRuns,
    changedCode: 'continue',
    followers: [
      async (_tx, _run, events) => {
        for (const { type } of events) onEvent?.(type)
        return undefined
      },
    ],
    sealWebhooks: () => NO_WEBHOOKS,
    inputVault: {
      seal: (_, inputs) => JSON.stringify(inputs),
      open: (_, text) => JSON.parse(text),
    },
    isAccepting: process.isAccepting ?? (() => true),
    log,
  })
  const report = async (runId: string) => runs.report(await runs.find(runId, null))
  const until = (runId: string, status: string) =>
    vi.waitFor(
      async () => {
        const found = await report(runId)
        expect(found.run.status).toBe(status)
        return found
      },
      { timeout: 15_000 },
    )
  /** As soon as it is postponed until then. */
  const untilPostponed = (runId: string, retryAt: number) =>
    vi.waitFor(
      async () => {
        const run = await runs.find(runId, null)
        expect(run.retryAt).toBe(retryAt)
        return run
      },
      { timeout: 15_000 },
    )
  return { runs, dispatch, report, until, untilPostponed, stop: () => dispatch.stop(1000) }
}
