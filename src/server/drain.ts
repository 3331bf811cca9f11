import type { Dispatch } from '../dispatch/dispatch.ts'
import type { RunsService } from '../runs/create-runs.ts'
import type { Sender } from '../webhooks/sending/sender.ts'

/** What requests in flight get to be answered when the grace is over: a slow client must not keep the process. */
const MIN_ANSWER_MS = 1_000

interface DrainDeps {
  readonly dispatch: Dispatch
  readonly runs: RunsService
  readonly sender: Sender
  /** Ends the connections whose requests are not answered in time. */
  readonly closeConnections: () => void
  /** Closes everything that was opened. */
  readonly dispose: () => Promise<void>
  readonly graceMs: number
}

/** Lets what is in flight end within the grace, records what it brings, and closes. */
export async function drain(deps: DrainDeps): Promise<void> {
  const deadline = Date.now() + deps.graceMs
  await deps.dispatch.stop(deps.graceMs)
  await deps.runs.release()
  await deps.sender.stop(Math.max(0, deadline - Date.now()))
  const timer = setTimeout(deps.closeConnections, Math.max(MIN_ANSWER_MS, deadline - Date.now()))
  await deps.dispose()
  clearTimeout(timer)
}
