import PQueue from 'p-queue'
import type { Logger } from 'pino'
import type { Health } from '../db/health.ts'
import { troubleOf } from '../db/trouble.ts'
import type { Dispatch, Execute } from './dispatch.ts'

interface InProcessOptions {
  /** Runs driven at the same time; at least 1. */
  readonly maxConcurrentRuns: number
  /** After the first unexpected error of a run, in ms; doubled after each further one, up to 5 min. */
  readonly retryDelayMs?: number
  /** Nothing is driven while the database could not record what comes of it. */
  readonly health: Pick<Health, 'whenWell'>
  readonly log: Logger
}

const RETRY_DELAY_MS = 5_000
const MAX_RETRY_DELAY_MS = 300_000
/** A Node timer that is set for longer fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** A {@link Dispatch} for the one process that holds the database: a queue in memory, filled again at start. */
export function inProcessDispatch(options: InProcessOptions): Dispatch {
  const { maxConcurrentRuns, retryDelayMs = RETRY_DELAY_MS, health, log } = options
  const queue = new PQueue({ concurrency: maxConcurrentRuns, autoStart: false })
  const queued = new Set<string>()
  const driven = new Set<string>()
  // Woken while driven: e.g. the answer of a person came before the waiting execution had quite returned.
  const again = new Set<string>()
  const alarms = createAlarms(wake)
  /** Of runs that could not be driven: how long to wait after the next time. */
  const delaysMs = new Map<string, number>()
  const drain = new AbortController()
  const giveUp = new AbortController()
  const signals = { drain: drain.signal, giveUp: giveUp.signal }
  let execute: Execute = async () => {}

  function wake(runId: string): void {
    if (drain.signal.aborted || queued.has(runId)) return
    if (driven.has(runId)) {
      again.add(runId)
      return
    }
    queued.add(runId)
    void queue.add(() => drive(runId))
  }

  async function drive(runId: string): Promise<void> {
    // Draining ends the wait, and `execute` begins nothing then.
    await health.whenWell(drain.signal).catch(() => {})
    queued.delete(runId)
    driven.add(runId)
    try {
      await execute(runId, signals)
      delaysMs.delete(runId)
    } catch (error) {
      if (troubleOf(error) === null) retryLater(runId, error)
      else again.add(runId)
    } finally {
      driven.delete(runId)
      if (again.delete(runId)) wake(runId)
    }
  }

  function retryLater(runId: string, error: unknown): void {
    log.error({ err: error, runId }, 'run could not be driven; it is tried again')
    // A model's answer that cannot be recorded is paid for at every attempt.
    const delayMs = delaysMs.get(runId) ?? retryDelayMs
    delaysMs.set(runId, Math.min(2 * delayMs, MAX_RETRY_DELAY_MS))
    wakeLater(runId, delayMs)
  }

  function wakeLater(runId: string, delayMs: number): void {
    if (drain.signal.aborted) return
    alarms.set(runId, delayMs)
  }

  return {
    wake,
    wakeLater,
    forget(runId) {
      queued.delete(runId)
      alarms.clear(runId)
    },
    queued: () => queued.size,
    start(next) {
      execute = next
      queue.start()
    },
    async stop(graceMs) {
      drain.abort()
      queue.clear()
      queued.clear()
      alarms.clearAll()
      const timer = setTimeout(() => giveUp.abort(), graceMs)
      await queue.onIdle()
      clearTimeout(timer)
    },
  }
}

/** Of runs that are woken later; the newest one of a run counts. */
function createAlarms(wake: (runId: string) => void) {
  const timers = new Map<string, NodeJS.Timeout>()
  const clear = (runId: string) => {
    clearTimeout(timers.get(runId))
    timers.delete(runId)
  }
  return {
    set(runId: string, delayMs: number): void {
      clear(runId)
      const ring = () => {
        timers.delete(runId)
        wake(runId)
      }
      timers.set(runId, setTimeout(ring, Math.min(delayMs, MAX_TIMER_MS)))
    },
    clear,
    clearAll(): void {
      for (const runId of timers.keys()) clear(runId)
    },
  }
}
