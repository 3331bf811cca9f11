import { noResultWithin } from '../no-result.ts'
import type { Request } from '../protocol.ts'
import type { CallOutcome, WorkerCall } from '../worker.ts'
import type { Blockade } from './blockade.ts'
import type { Flights, LastWords } from './flights.ts'
import type { Timers } from './timers.ts'

/** A worker that does not hear of a cancelled call for so long hears nothing. */
const CANCEL_TIMEOUT_MS = 5_000

interface WorkerCallsDeps {
  readonly timers: Timers
  readonly flights: Flights
  readonly blockade: Blockade
  readonly send: (request: Request) => void
  readonly end: (words: LastWords) => void
  /** To be told whenever a call begins or ends. */
  readonly hold: () => void
}

export interface WorkerCalls {
  /** @throws the signal's reason, as soon as it is aborted */
  make(call: WorkerCall): Promise<CallOutcome>
  /** The call has to wait for others there: its time does not run. */
  pause(id: number): void
  /** It no longer has to. */
  begin(id: number): void
}

/** Makes calls in a worker, and gives up those that nobody waits for and those that take too long. */
export function createWorkerCalls(deps: WorkerCallsDeps): WorkerCalls {
  const { timers, flights, blockade, send, end, hold } = deps
  const clocks = new Map<number, () => void>()

  /** The worker is told, and must say that it heard. */
  function cancel(id: number): void {
    flights.drop(id)
    send({ op: 'cancel', id })
    timers.set(cancelTimer(id), CANCEL_TIMEOUT_MS, () => end(blockade.lastWords()))
    blockade.reconsider()
  }

  async function make(one: WorkerCall): Promise<CallOutcome> {
    const { key, do: work, timeoutMs, signal, context, arguments: text } = one
    signal.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<CallOutcome>()
    const id = flights.add({ tool: key, runId: context.runId }, resolve)
    const onAbort = () => {
      cancel(id)
      reject(signal.reason)
    }
    const onTime = () => {
      // It could not be told to stop.
      if (blockade.isHeldBy(id)) return end({ reason: heldTooLong(timeoutMs), call: id })
      cancel(id)
      return resolve({ type: 'result', result: noResultWithin(work, timeoutMs) })
    }
    signal.addEventListener('abort', onAbort, { once: true })
    const startClock = () => timers.set(callTimer(id), timeoutMs, onTime)
    startClock()
    clocks.set(id, startClock)
    hold()
    send({ op: 'call', id, key, do: work, context, arguments: text })
    try {
      return await promise
    } finally {
      signal.removeEventListener('abort', onAbort)
      timers.clear(callTimer(id))
      clocks.delete(id)
      hold()
    }
  }

  return {
    make,
    pause(id) {
      flights.pause(id)
      timers.clear(callTimer(id))
    },
    begin(id) {
      flights.begin(id)
      clocks.get(id)?.()
    },
  }
}

function callTimer(id: number): string {
  return `call ${id}`
}

/** Name of the timer that runs until the worker says that it heard of a cancelled call. */
export function cancelTimer(id: number): string {
  return `cancel ${id}`
}

function heldTooLong(timeoutMs: number): string {
  return `it kept its process busy without a pause, and gave no result within ${timeoutMs / 1000} s`
}
