import type { RunEvent } from '../runs/event.ts'
import type { Follower } from '../runs/journal/journal.ts'
import type { Run } from '../runs/run.ts'
import { steadyNow } from './clock.ts'
import type { DeliveryDraft, DeliveryOrder } from './delivery.ts'
import { enqueue } from './store/outbox.ts'

interface FollowerOptions {
  /** Who is told of an event. */
  readonly draft: (run: Run, event: RunEvent) => readonly DeliveryDraft[]
  readonly order: DeliveryOrder
  /** Told, once the commit is done, which endpoints have something to be sent. */
  readonly wake: (endpoints: readonly string[]) => void
}

/** Writes the messages of events in the commit of these, and wakes the sender once that is on disk. */
export function createFollower({ draft, order, wake }: FollowerOptions): Follower {
  return async (tx, run, events) => {
    const drafts = events.flatMap((event) => draft(run, event))
    if (drafts.length === 0) return undefined
    const due = await enqueue(tx, run.id, drafts, { order, now: steadyNow() })
    return () => wake(due)
  }
}
