import { z } from 'zod'
import { isEnded, type RunStatus } from '../runs/run.ts'
import type { RunReport } from '../runs/runs.ts'

/** Source: AMP's live `/status`; clients parse it as a closed enum, so it never gets a value of ours. */
export const State = z
  .enum(['PENDING', 'STARTED', 'RUNNING', 'PAUSED', 'SUCCESS', 'FAILED'])
  .describe('How far the execution is, in the words of AMP as it runs today.')
export type State = z.output<typeof State>

/** Source: AMP's published OpenAPI document. */
export const Status = z
  .enum(['running', 'pending', 'completed', 'error'])
  .describe(
    "The same in the words of AMP's OpenAPI document. `pending`: a person is asked (`/resume` goes on). `error`: failed or stopped.",
  )
export type Status = z.output<typeof Status>

const STATUSES: Readonly<Record<RunStatus, Status>> = {
  // Not `pending`: clients of the published document poll on only while it says `running`.
  queued: 'running',
  running: 'running',
  waiting: 'pending',
  completed: 'completed',
  failed: 'error',
  stopped: 'error',
}

export function statusOf(status: RunStatus): Status {
  return STATUSES[status]
}

export function stateOf({ run, current }: RunReport): State {
  if (run.status === 'waiting') return 'PAUSED'
  if (isEnded(run.status)) return endedStateOf(run.status)
  if (run.startedAt === null) return 'PENDING'
  return current === null && run.progress.completed === 0 ? 'STARTED' : 'RUNNING'
}

/** A stopped run is FAILED: AMP's REVOKED is unknown to most clients, which would poll on or throw. */
export function endedStateOf(status: RunStatus): State {
  return status === 'completed' ? 'SUCCESS' : 'FAILED'
}
