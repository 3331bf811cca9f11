import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import { deleteExpired, type EndPosition, expireRuns, OLDEST } from './journal/retention.ts'

/** Deletes runs whose time is over. */
export interface Upkeep {
  start(): void
  stop(): Promise<void>
}

interface UpkeepOptions {
  readonly database: Database
  /** How long a run is kept after its end, in ms; null: for ever. */
  readonly retentionMs: number | null
  readonly log: Logger
}

const MIN_INTERVAL_MS = 1_000
const MAX_INTERVAL_MS = 3_600_000
/** A pass takes a fifth of the time at most, so that it is hardly felt. */
const REST_FACTOR = 4
const MIN_REST_MS = 20

export function createUpkeep({ database, retentionMs, log }: UpkeepOptions): Upkeep {
  const { commit } = database
  const stopping = new AbortController()
  const { signal } = stopping
  let running: Promise<void> | null = null

  async function run(keepMs: number): Promise<void> {
    const intervalMs = Math.max(MIN_INTERVAL_MS, Math.min(keepMs / 20, MAX_INTERVAL_MS))
    while (!signal.aborted) {
      await pass(Date.now() - keepMs).catch((err: unknown) => {
        if (!signal.aborted) log.error({ err }, 'old runs could not be deleted; it is tried again')
      })
      // The signal ends it.
      await sleep(intervalMs, undefined, { signal }).catch(() => {})
    }
  }

  async function pass(endedBefore: number): Promise<void> {
    let runs = 0
    for (let at: EndPosition | null = OLDEST; at !== null; ) {
      const from: EndPosition = at
      const { count, next } = await gently(() => commit((tx) => expireRuns(tx, from, endedBefore)))
      while (await gently(() => commit(deleteExpired)));
      runs += count
      at = next
    }
    if (runs > 0) log.info({ runs }, 'old runs deleted')
  }

  /** One commit, and a rest after it. */
  async function gently<T>(step: () => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    const before = performance.now()
    const result = await step()
    const restMs = Math.max(MIN_REST_MS, REST_FACTOR * (performance.now() - before))
    await sleep(restMs, undefined, { signal })
    return result
  }

  return {
    start() {
      if (retentionMs !== null) running ??= run(retentionMs)
    },
    async stop() {
      stopping.abort()
      await running
    },
  }
}
