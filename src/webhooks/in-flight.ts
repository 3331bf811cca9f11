import type { DueDelivery } from './store.ts'

/** The attempts that are being made, and whether one more may begin. */
export interface InFlight {
  /** How many more may begin in all. */
  room(): number
  /** Runs and URLs with an attempt in flight: one at a time, so that a URL hears of a run in order while all goes well. */
  busy(): readonly DueDelivery[]
  /** Origins with as many attempts as one may have. */
  fullOrigins(): readonly string[]
  mayBegin(delivery: DueDelivery): boolean
  /** Resolves when the attempt is over and its room is free. */
  add(delivery: DueDelivery, attempt: Promise<void>): Promise<void>
  /** From now on nothing may begin; resolves when none is left. */
  close(): Promise<void>
}

/** Also what bounds the memory, which holds no other messages. */
const MAX_IN_FLIGHT = 50
/** A receiver that hangs holds each attempt for 20 s, so it takes a dozen of them to be in the way of the others. */
const MAX_PER_ORIGIN = 4

export function createInFlight(): InFlight {
  const attempts = new Map<DueDelivery, Promise<void>>()
  let isOpen = true

  const room = () => (isOpen ? MAX_IN_FLIGHT - attempts.size : 0)
  const busy = () => [...attempts.keys()]
  const fullOrigins = () =>
    [...Map.groupBy(busy(), originOf)]
      .filter(([, all]) => all.length >= MAX_PER_ORIGIN)
      .map(([origin]) => origin)

  return {
    room,
    busy,
    fullOrigins,
    mayBegin: (delivery) =>
      room() > 0 &&
      !fullOrigins().includes(originOf(delivery)) &&
      !busy().some(({ runId, url }) => runId === delivery.runId && url === delivery.url),
    add(delivery, attempt) {
      const ended = attempt.finally(() => attempts.delete(delivery))
      attempts.set(delivery, ended)
      return ended
    },
    async close() {
      isOpen = false
      await Promise.all(attempts.values())
    },
  }
}

function originOf({ url }: DueDelivery): string {
  return URL.parse(url)?.origin ?? url
}
