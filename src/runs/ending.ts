import type { RunEnded, RunEvent } from './event.ts'
import { progressOf, waitedMsAt } from './progress.ts'
import type { Run } from './run.ts'

/** What the event that ends a run says of it: what was done until then, and how long that took. */
export function endingOf(run: Run, events: readonly RunEvent[], at: number): RunEnded {
  const progress = progressOf(events)
  const { tasks, usage } = progress
  const simulated = run.simulated || progress.simulated
  const elapsedMs = at - (run.startedAt ?? at)
  const executionTimeMs = Math.max(0, elapsedMs - waitedMsAt(progress, at))
  return { tasks, usage, simulated, executionTimeMs }
}
