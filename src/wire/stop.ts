import { z } from 'zod'
import type { Run } from '../runs/run.ts'
import { RunId } from './fields.ts'

/** AMP spells the id in camelCase here and nowhere else. */
export const StopResponse = z
  .object({ status: z.literal('stopped'), kickoffId: RunId, kickoff_id: RunId })
  .meta({
    id: 'StopResponse',
    description: 'The execution has ended.',
  })

export function fromStop(run: Run): z.output<typeof StopResponse> {
  return { status: 'stopped', kickoffId: run.id, kickoff_id: run.id }
}
