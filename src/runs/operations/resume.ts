import type { HumanAnswer } from '../../crew/host.ts'
import type { Dispatch } from '../../dispatch/dispatch.ts'
import { AppError } from '../../errors.ts'
import type { RunFact } from '../event.ts'
import type { Journal } from '../journal/journal.ts'
import type { Progress } from '../progress.ts'
import type { Runs } from '../runs.ts'

export interface ResumeDeps {
  readonly journal: Journal
  readonly dispatch: Dispatch
  readonly report: Runs['report']
}

/** See {@link Runs.resume}. */
export function createResume({ journal, dispatch, report }: ResumeDeps): Runs['resume'] {
  return async (request) => {
    const { run, progress } = await report(request.runId, request.crew)
    const { requestId, key, task, requestedAt } = askedFor(progress, request.taskId)
    const { approved, feedback } = request
    const at = Date.now()
    const answer: HumanAnswer = { approved, feedback, waitedMs: at - requestedAt }
    const fact: RunFact = { type: 'human_feedback_received', data: { requestId, task, ...answer } }
    const webhooks = { ...run.webhooks, ...request.webhooks }
    // The epoch grows, so that of two answers to one question the second is refused.
    const patch = { status: 'queued', epoch: run.epoch + 1, webhooks } as const
    const isFirst = await journal.append(run, [{ fact, at, key, result: answer }], patch)
    if (!isFirst) throw new AppError('not_waiting')
    dispatch.wake(run.id)
    return { ...run, status: 'queued', webhooks }
  }
}

/** The question that waits, when `taskId` means it. */
function askedFor({ waiting, answered, taskNames }: Progress, taskId: string) {
  if (waiting === null) throw new AppError('not_waiting')
  if (taskId === waiting.task || taskId === waiting.requestId) return waiting
  if (answered.includes(taskId) || taskNames.includes(taskId)) throw new AppError('not_waiting')
  throw new AppError('task_not_found', { taskId, waiting: waiting.task })
}
