import type { Logger } from 'pino'
import { messageOf } from '../errors.ts'
import { type Trouble, troubleError, troubleOf } from './trouble.ts'

/** Whether the database can be written. */
export interface Health {
  /** What is wrong; null: nothing. */
  trouble(): Trouble | null
  /**
   * Resolves as soon as nothing is wrong (any more); never when the database is damaged.
   *
   * @throws the signal's reason when aborted
   */
  whenWell(signal?: AbortSignal): Promise<void>
}

export interface HealthMonitor extends Health {
  /** To be told of every error that the database gives. */
  report(error: unknown): void
  /** Ends the probing. */
  close(): void
}

interface HealthOptions {
  /** A small real write. */
  readonly probe: () => Promise<void>
  readonly log: Logger
}

const PROBE_INTERVAL_MS = 1000

/**
 * Turns bad with an error that is about the database as a whole, and good with a probe that succeeds, one a second.
 * Damage is never over: a write elsewhere in the file says nothing about it.
 */
export function createHealth({ probe, log }: HealthOptions): HealthMonitor {
  let current: Trouble | null = null
  let well = Promise.withResolvers<void>()
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  well.resolve()

  function report(error: unknown): void {
    const trouble = troubleOf(error)
    if (trouble === null || trouble === current || current === 'corrupt') return
    log.error({ trouble, err: error }, 'the database cannot be used; no run goes on until it can')
    if (current === null) {
      well = Promise.withResolvers()
      probeLater()
    }
    current = trouble
  }

  function probeLater(): void {
    if (isClosed) return
    timer = setTimeout(() => void probeNow(), PROBE_INTERVAL_MS)
  }

  async function probeNow(): Promise<void> {
    try {
      await probe()
    } catch (error) {
      // One of another kind, e.g. of a database that is being closed, is no reason to call it well.
      log.debug({ reason: messageOf(error) }, 'the database still cannot be used')
      return probeLater()
    }
    if (current === 'corrupt') return
    log.info({ trouble: current }, 'the database can be used again')
    current = null
    well.resolve()
  }

  return {
    report,
    trouble: () => current,
    whenWell: (signal) => (current === null ? Promise.resolve() : abortable(well.promise, signal)),
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}

/** @throws AppError when something is wrong */
export function assertWell({ trouble }: Health): void {
  const found = trouble()
  if (found !== null) throw troubleError(found)
}

async function abortable(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return promise
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
