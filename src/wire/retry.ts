import { z } from 'zod'
import type { Run } from '../runs/run.ts'
import { RunId } from './fields.ts'
import { Status, statusOf } from './state.ts'

export const RetryResponse = z
  .object({ kickoff_id: RunId, execution_id: RunId, status: Status })
  .meta({
    id: 'RetryResponse',
    description: 'The execution goes on.',
  })

export function fromRetry({ id, status }: Run): z.output<typeof RetryResponse> {
  return { kickoff_id: id, execution_id: id, status: statusOf(status) }
}
