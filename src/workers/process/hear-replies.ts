import type { Printed, Reply } from '../protocol.ts'
import type { Origin, Spoiling } from '../worker.ts'
import type { Blockade } from './blockade.ts'
import type { Flights, LastWords } from './flights.ts'
import type { PendingLoad } from './pending-load.ts'
import type { Timers } from './timers.ts'
import { cancelTimer, type WorkerCalls } from './worker-calls.ts'

interface HearingDeps {
  readonly timers: Timers
  readonly flights: Flights
  readonly blockade: Blockade
  readonly loading: PendingLoad
  readonly calls: WorkerCalls
  readonly end: (words: LastWords) => void
  readonly spoil: (type: Spoiling['type'], words: LastWords) => void
  readonly onPrinted: (printed: Printed, origin: Origin | null) => void
}

type Hearing = {
  readonly [Type in Reply['type']]: (message: Extract<Reply, { readonly type: Type }>) => void
}

/** What is done at each word of a worker. */
export function hearReplies(deps: HearingDeps): (message: Reply) => void {
  const { timers, flights, blockade, loading, calls, end, spoil, onPrinted } = deps
  const hearing: Hearing = {
    hello() {},
    loading: ({ key }) => loading.begins(key),
    loaded: loading.settle,
    queued: ({ id }) => calls.pause(id),
    begun: ({ id }) => calls.begin(id),
    printed: (message) => onPrinted(message, flights.originOf(message.call)),
    result: ({ id, result }) => flights.settle(id, { type: 'result', result }),
    cancelled: ({ id }) => timers.clear(cancelTimer(id)),
    threw(message) {
      spoil('threw', message)
      const { call: id, reason } = message
      if (id !== null) flights.settle(id, { type: 'guilty', reason })
    },
    ends: end,
    blocked({ call }) {
      // A time-out sees to code that blocks while it is loaded.
      if (loading.isPending()) return
      blockade.begin(call)
      spoil('blocks', blockade.lastWords())
    },
    unblocked: blockade.over,
    worn: (message) => spoil('worn', message),
  }
  return (message) => (hearing[message.type] as (message: Reply) => void)(message)
}
