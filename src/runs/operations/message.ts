import { summaryOf } from '../../crew/output.ts'
import { AppError } from '../../errors.ts'
import type { EventOf } from '../event.ts'
import { findEvent, type ReadEvent } from '../journal/read.ts'
import { finalStep, toolStep } from '../progress.ts'
import type { Run } from '../run.ts'
import type { RunMessage, Runs } from '../runs.ts'
import { textsOf } from '../texts.ts'
import { getRun, type Outputs, type ReportDeps, reportOf } from './report.ts'
import { finishedTask, type Shown, showing, shownQuestion, shownStep } from './show.ts'

/** See {@link Runs.message}. */
export function createMessage(deps: ReportDeps): Runs['message'] {
  const { db } = deps
  return async (runId, seq) => {
    const run = await getRun(db, runId, null)
    const event = await findEvent(db, runId, seq)
    if (event === undefined) throw new AppError('run_not_found', { runId })
    return messageOf(event, await showing(deps, run))
  }
}

/** A message is signed as a whole, and few receivers take more than this. */
const MAX_OUTPUT_CHARACTERS = 1_000_000

function shownInMessage({ progress }: Run): Outputs {
  return progress.outputCharacters <= MAX_OUTPUT_CHARACTERS ? 'read' : 'omitted'
}

async function messageOf(event: ReadEvent, shown: Shown): Promise<RunMessage> {
  const { run, crew, outputOf } = shown
  switch (event.type) {
    case 'task_completed': {
      const output = await outputOf(event.data.outputStep)
      const texts = textsOf(crew, run.shownInputs, event.data.task)
      const task = { ...finishedTask(event, output, shown), ...texts }
      return { kind: 'task', run, at: event.at, task, summary: summaryOf(texts.description) }
    }
    case 'tool_usage_finished':
    case 'tool_usage_error':
      return { kind: 'step', run, step: await shownStep(toolStep(event), shown) }
    case 'agent_execution_completed':
      return { kind: 'step', run, step: await shownStep(finalStep(event), shown) }
    case 'human_feedback_requested':
      return {
        kind: 'human_input',
        run,
        question: await shownQuestion({ ...event.data, askedAt: event.at }, shown),
      }
    case 'crew_kickoff_completed':
    case 'run_stopped':
      return { kind: 'crew', at: event.at, report: await reportOf(shown, shownInMessage(run)) }
    case 'crew_kickoff_failed': {
      const failed = asFailed(event, shown)
      const report = await reportOf(failed, shownInMessage(failed.run))
      return { kind: 'crew', at: event.at, report }
    }
    default:
      throw new Error(`Nobody is told of ${event.type}.`)
  }
}

/** The run as the event left it, although it may have been retried since. */
function asFailed({ seq, at, data }: EventOf<'crew_kickoff_failed'>, shown: Shown): Shown {
  const run = {
    ...shown.run,
    status: 'failed',
    error: data.error,
    endedAt: at,
    lastSeq: seq,
  } as const
  return { ...shown, run }
}
