import type { Printed } from '../protocol.ts'
import type { Origin, Spoiling, Worker } from '../worker.ts'
import { createBlockade } from './blockade.ts'
import { createFlights, type LastWords } from './flights.ts'
import { hearReplies } from './hear-replies.ts'
import { createPendingLoad } from './pending-load.ts'
import { createTimers } from './timers.ts'
import { createWorkerCalls } from './worker-calls.ts'
import type { StartProcess } from './worker-process.ts'

/** What a worker that is told to end gets for it. */
const STOP_TIMEOUT_MS = 1_000

const STOPPED: LastWords = { reason: 'its process was stopped', call: null }

export interface ProcessWorkerOptions {
  /** What the top level of a reference may take, with all that it imports. Default 10 s. */
  readonly loadTimeoutMs?: number
  /** Takes what code prints for a call, or beside all of them. */
  readonly onPrinted?: (printed: Printed, origin: Origin | null) => void
}

/** A worker over its process. */
export function processWorker(
  start: StartProcess,
  onSpoilt: (spoiling: Spoiling) => void,
  { loadTimeoutMs, onPrinted = () => {} }: ProcessWorkerOptions = {},
): Worker {
  const timers = createTimers()
  const flights = createFlights()
  const blockade = createBlockade(flights, timers, end)
  const loading = createPendingLoad(timers, end, loadTimeoutMs)
  const gone = Promise.withResolvers<void>()
  let lastWords: LastWords | null = null
  let isStopping = false
  let isGone = false
  const child = start({ onReply: (message) => hear(message), onEnd })
  const calls = createWorkerCalls({ timers, flights, blockade, send: child.send, end, hold })
  const hear = hearReplies({ timers, flights, blockade, loading, calls, end, spoil, onPrinted })

  function spoil(type: Spoiling['type'], { reason, call: suspect }: LastWords): void {
    onSpoilt({ type, reason, origin: flights.originOf(flights.blame(suspect)) })
  }

  function end(words: LastWords): void {
    lastWords ??= words
    child.kill()
  }

  function onEnd(reason: string): void {
    isGone = true
    timers.clearAll()
    const words = lastWords ?? { reason, call: 'unknown' }
    spoil('ended', words)
    loading.fail(words.reason)
    flights.endAll(words)
    gone.resolve()
  }

  function hold(): void {
    if (!isGone) child.hold(isStopping || flights.size > 0 || loading.isPending())
  }

  return {
    async call(one) {
      if (isGone) return { type: 'cut_off', reason: STOPPED.reason, isSuspect: false }
      return calls.make(one)
    },
    async load(references) {
      if (isGone) return { key: null, reason: STOPPED.reason }
      const done = loading.start()
      hold()
      child.send({ op: 'load', references })
      return done.finally(hold)
    },
    async stop() {
      if (isGone) return
      lastWords ??= STOPPED
      isStopping = true
      hold()
      child.close()
      timers.set('stop', STOP_TIMEOUT_MS, child.kill)
      await gone.promise
    },
  }
}
