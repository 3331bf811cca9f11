import { createBlockade } from './blockade.ts'
import { createFlights, type LastWords } from './flights.ts'
import { createPendingLoad } from './pending-load.ts'
import type { Reply } from './protocol.ts'
import { createTimers } from './timers.ts'
import type { Spoiling, Worker } from './worker.ts'
import { cancelTimer, createWorkerCalls } from './worker-calls.ts'
import type { StartProcess } from './worker-process.ts'

/** What a worker that is told to end gets for it. */
const STOP_TIMEOUT_MS = 1_000

const STOPPED: LastWords = { reason: 'its process was stopped', call: null }

/** A worker over its process. */
export function processWorker(start: StartProcess, onSpoilt: (spoiling: Spoiling) => void): Worker {
  const timers = createTimers()
  const flights = createFlights()
  const blockade = createBlockade(flights, timers, end)
  const loading = createPendingLoad(timers, end)
  const gone = Promise.withResolvers<void>()
  let lastWords: LastWords | null = null
  let isStopping = false
  let isGone = false
  const child = start({ onReply, onEnd })
  const call = createWorkerCalls({ timers, flights, blockade, send: child.send, end, hold })

  function onReply(message: Reply): void {
    if (message.type === 'loading') loading.begins(message.key)
    else if (message.type === 'loaded') loading.settle(message)
    else if (message.type === 'result')
      flights.settle(message.id, { type: 'result', result: message.result })
    else if (message.type === 'cancelled') timers.clear(cancelTimer(message.id))
    else if (message.type === 'ends') end(message)
    else onTrouble(message)
  }

  function onTrouble(message: TroubleReply): void {
    if (message.type === 'unblocked') blockade.over()
    else if (message.type === 'grows') spoil('grows', { ...message, call: null })
    else if (message.type === 'threw') {
      const { call: id, reason } = message
      spoil('threw', message)
      if (id !== null) flights.settle(id, { type: 'guilty', reason })
    } else if (!loading.isPending()) {
      // A time-out sees to code that blocks while it is loaded.
      blockade.begin(message.call)
      spoil('blocks', blockade.lastWords())
    }
  }

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
      return call(one)
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

type TroubleReply = Extract<Reply, { type: 'threw' | 'blocked' | 'unblocked' | 'grows' }>
