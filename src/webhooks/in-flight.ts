import type { DueDelivery } from './store.ts'

/** The attempts that are being made, and whether one more may begin. */
export interface InFlight {
  /** How many more may begin at an origin. */
  room(origin: string): number
  /** Those being made at an origin. */
  at(origin: string): readonly DueDelivery[]
  /** Not while its URL is being told of its run: one at a time, they arrive in order as long as all goes well. */
  mayBegin(delivery: DueDelivery): boolean
  /** Resolves when the attempt is over and its room is free. */
  add(delivery: DueDelivery, attempt: Promise<void>): Promise<void>
  /** From now on there is no room; resolves when no attempt is left. */
  close(): Promise<void>
}

/** Also what bounds the memory, which holds no other messages. */
const MAX_IN_FLIGHT = 50
/** A receiver that hangs holds each attempt for 20 s, so it takes a dozen of them to be in the way of the others. */
const MAX_PER_ORIGIN = 4

export function createInFlight(): InFlight {
  const attempts = new Map<DueDelivery, Promise<void>>()
  let isOpen = true

  const at = (origin: string) => [...attempts.keys()].filter((other) => other.origin === origin)
  const room = (origin: string) =>
    isOpen ? Math.min(MAX_IN_FLIGHT - attempts.size, MAX_PER_ORIGIN - at(origin).length) : 0

  return {
    at,
    room,
    mayBegin: ({ runId, origin, url }) =>
      room(origin) > 0 && !at(origin).some((other) => other.runId === runId && other.url === url),
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
