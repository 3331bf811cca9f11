import { z } from 'zod'
import type { Guard } from '../net/guard.ts'
import type { Run } from '../runs/run.ts'
import type { ResumeRequest as Resume } from '../runs/runs.ts'
import { RunId } from './fields.ts'
import { toWebhooks, webhookFields } from './webhook-urls.ts'

/** How clients spell the fields: AMP's document first, then its live server and what is seen in public code. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  execution_id: ['execution_id', 'executionId', 'kickoff_id', 'kickoffId'],
  task_id: ['task_id', 'taskId'],
  human_feedback: ['human_feedback', 'humanFeedback'],
  is_approve: ['is_approve', 'isApprove'],
  digest: ['digest'],
}

function respell(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body ?? {}
  const given = new Map(Object.entries(body))
  const fields = Object.entries(SPELLINGS).map(([name, spellings]) => [
    name,
    spellings.map((spelling) => given.get(spelling)).find((value) => value != null),
  ])
  return { ...body, ...Object.fromEntries(fields) }
}

const Approve = z
  .union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })], {
    error: 'say true (the answer is approved) or false (do the task again with human_feedback)',
  })
  .describe('True: the run goes on. False: the task is done again with the feedback. Or as text.')

/** Source: AMP OpenAPI 1.0.0, resumeCrewExecution; other spellings pass, see {@link SPELLINGS}. */
export const ResumeRequest = z
  .preprocess(
    respell,
    z
      .object({
        execution_id: z
          .string('say which execution, by the kickoff_id that /kickoff answered')
          .describe('The `kickoff_id`. Also as executionId, kickoff_id, kickoffId.'),
        task_id: z
          .string('say which task, by its name or the task_id of the webhook')
          .describe(
            'The `task_id` of the human-input webhook, or the task’s name. Also as taskId.',
          ),
        human_feedback: z
          .string()
          .default('')
          .describe('What to do better, or a remark on an approved answer. Also as humanFeedback.'),
        is_approve: Approve,
        digest: z
          .string()
          .nullish()
          .describe(
            'Of what was judged, as `pending_human_input` has it. An answer to anything else is refused.',
          ),
        ...webhookFields,
      })
      .refine((body) => body.is_approve || body.human_feedback.trim() !== '', {
        path: ['human_feedback'],
        error: 'say what to do better, when is_approve is false',
      }),
  )
  .meta({
    id: 'ResumeRequest',
    description:
      'A person’s judgement on an answer. Webhooks that are given replace those of the kickoff, absent ones stay.',
  })

export const ResumeResponse = z
  .object({
    status: z.enum(['resumed', 'retrying']),
    message: z.string(),
    kickoff_id: RunId,
    execution_id: RunId,
  })
  .meta({
    id: 'ResumeResponse',
    description: 'The execution goes on, under the same id.',
  })

/**
 * @param crew only a run of this crew; null: of any
 * @throws AppError `validation_failed` when the guard refuses a webhook's URL
 */
export function toResume(
  body: z.output<typeof ResumeRequest>,
  crew: string | null,
  guard: Guard,
): Resume {
  return {
    runId: body.execution_id,
    crew,
    taskId: body.task_id,
    digest: body.digest ?? null,
    approved: body.is_approve,
    feedback: body.human_feedback,
    webhooks: toWebhooks(body, guard),
  }
}

export function fromResume(run: Run, isApproved: boolean): z.output<typeof ResumeResponse> {
  const ids = { kickoff_id: run.id, execution_id: run.id }
  return isApproved
    ? { status: 'resumed', message: 'Execution resumed successfully', ...ids }
    : { status: 'retrying', message: 'Task will be retried with your feedback', ...ids }
}
