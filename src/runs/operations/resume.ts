import type { Database } from '../../db/database.ts'
import type { Dispatch } from '../../dispatch/dispatch.ts'
import { AppError } from '../../errors.ts'
import type { Definitions } from '../definitions.ts'
import type { EventOf } from '../event.ts'
import type { Journal } from '../journal/journal.ts'
import { readAnswers } from '../journal/read.ts'
import type { OpenQuestion } from '../progress.ts'
import type { Run, SealWebhooks } from '../run.ts'
import type { ResumeRequest, Runs } from '../runs.ts'
import { getRun } from './report.ts'

export interface ResumeDeps {
  readonly db: Database['db']
  readonly journal: Journal
  readonly dispatch: Dispatch
  readonly definitions: Definitions
  readonly sealWebhooks: SealWebhooks
}

/** So long the same answer by a task's name is a repeat of the last one, and not an answer to the next question. */
const REPEAT_BY_NAME_MS = 30_000

/** See {@link Runs.resume}. */
export function createResume(deps: ResumeDeps): Runs['resume'] {
  const { db, journal, dispatch } = deps
  return async (request) => {
    const run = await getRun(db, request.runId, request.crew)
    const answers = await readAnswers(db, run.id)
    if (answers.some((answer) => isRepeat(request, answer, Date.now()))) return run
    const question = await openQuestion(run, request, answers, deps)
    if (request.digest !== null && request.digest !== question.digest)
      throw new AppError('stale_answer')
    const { approved, feedback } = request
    const { requestId, digest, task, key, askedAt } = question
    // The clock may have been put back since the question.
    const at = Math.max(Date.now(), askedAt)
    const waitedMs = at - askedAt
    const data = { requestId, digest, task, approved, feedback, waitedMs }
    const fact = { type: 'human_feedback_received', data } as const
    const webhooks = { ...run.webhooks, ...deps.sealWebhooks(run.id, request.webhooks) }
    // The epoch grows, so that of two answers to one question the second is refused.
    const patch = { status: 'queued', epoch: run.epoch + 1, webhooks } as const
    const written = await journal.append(run, () => [{ fact, at, key, output: null, patch }])
    if (written !== null) {
      dispatch.wake(run.id)
      return { ...run, status: 'queued', webhooks }
    }
    // Somebody else was faster, perhaps with the same answer.
    const now = await readAnswers(db, run.id)
    if (now.some((answer) => isRepeat(request, answer, Date.now()))) return run
    throw new AppError('not_waiting')
  }
}

type GivenAnswer = EventOf<'human_feedback_received'>

/** Clients send an answer again when they did not see that it was taken. */
function isRepeat(request: ResumeRequest, { data, at }: GivenAnswer, now: number): boolean {
  const { taskId, digest, approved, feedback } = request
  if (approved !== data.approved || feedback !== data.feedback) return false
  if (taskId === data.requestId || digest === data.digest) return true
  return taskId === data.task && digest === null && now - at < REPEAT_BY_NAME_MS
}

/** The question that waits, when `taskId` means it. A name means the open question of that task. */
async function openQuestion(
  run: Run,
  { taskId }: ResumeRequest,
  answers: readonly GivenAnswer[],
  { definitions }: ResumeDeps,
): Promise<OpenQuestion> {
  const { questions } = run.progress
  const [first] = questions
  if (first === undefined) throw new AppError('not_waiting')
  const meant = questions.find(({ requestId, task }) => taskId === requestId || taskId === task)
  if (meant !== undefined) return meant
  const crew = await definitions.crewOf(run)
  const isKnown =
    answers.some(({ data }) => data.requestId === taskId) ||
    crew.tasks.some(({ name }) => name === taskId)
  if (isKnown) throw new AppError('not_waiting')
  throw new AppError('task_not_found', { taskId, waiting: first.task })
}
