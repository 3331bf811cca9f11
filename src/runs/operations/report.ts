import type { Database } from '../../db/database.ts'
import { AppError } from '../../errors.ts'
import { capText } from '../../tools/cap-text.ts'
import type { Definitions } from '../definitions.ts'
import type { InputVault } from '../input-vault.ts'
import { type FinishedTaskEvent, readTasks } from '../journal/read.ts'
import { findRun } from '../journal/store.ts'
import { isEnded, type Run } from '../run.ts'
import type { RunReport, Runs, ShownStep } from '../runs.ts'
import { roleOf, textsOf } from '../texts.ts'
import { finishedTask, type Shown, showing, shownQuestion, shownStep } from './show.ts'

export interface ReportDeps {
  readonly db: Database['db']
  readonly definitions: Definitions
  readonly inputVault: InputVault
}

/** Outputs of finished tasks that are shown unasked while a run goes on, in all. */
const MAX_OUTPUT_CHARACTERS = 64 * 1024
/** Of each text of the last step, unless outputs are asked for. */
const MAX_STEP_CHARACTERS = 16 * 1024

/** @throws AppError `run_not_found`, also when the run is another crew's */
export async function getRun(db: Database['db'], runId: string, crew: string | null): Promise<Run> {
  const run = await findRun(db, runId)
  if (run === undefined || (crew !== null && run.crew !== crew))
    throw new AppError('run_not_found', { runId })
  return run
}

/** See {@link Runs.report}. */
export function createReport(deps: ReportDeps): Runs['report'] {
  return async (run, { withOutputs = false } = {}) => {
    const shown = await showing(deps, run)
    const isSmall = run.progress.outputCharacters <= MAX_OUTPUT_CHARACTERS
    if (isSmall) return reportOf(shown, 'read', withOutputs)
    return reportOf(shown, withOutputs || isEnded(run.status) ? 'referred' : 'omitted', withOutputs)
  }
}

/** What becomes of the outputs of finished tasks. */
export type Outputs = 'read' | 'referred' | 'omitted'

/**
 * What a reader is told of a run. Its cost follows from the number of tasks, not from the length of the journal.
 *
 * @param isWhole true: the texts of the last step are not cut
 */
export async function reportOf(
  shown: Shown,
  outputs: Outputs,
  isWhole = false,
): Promise<RunReport> {
  const { db, run, crew, mask } = shown
  const { completed, current, questions, lastStep } = run.progress
  const wanted = { untilSeq: run.lastSeq, withOutputs: outputs === 'read' }
  const recorded = completed === 0 ? [] : await readTasks(db, run.id, wanted)
  const events = recorded.map((event) => ({ ...event, output: event.output && mask(event.output) }))
  const tasks = events.map((event) => {
    const { outputStep } = event.data
    return finishedTask(event, outputs === 'referred' ? { outputStep } : event.output, shown)
  })
  const last = tasks.at(-1)
  const read = remembering(shown, outputs === 'read' ? events : [])
  const step = lastStep && (await shownStep(lastStep, read))
  const [working] = current
  const [question] = questions
  return {
    run,
    totalTasks: crew.tasks.length,
    current: working ? { ...working, agent: roleOf(crew, run.shownInputs, working.agent) } : null,
    tasks,
    lastTask: last ? { ...last, ...textsOf(crew, run.shownInputs, last.name) } : null,
    lastStep: step && (isWhole ? step : shortened(step)),
    question: question ? await shownQuestion(question, read) : null,
    output: run.status === 'completed' ? await read.outputOf(run.progress.outputStep ?? '') : null,
  }
}

/** The last step and the run itself mostly came to what a task did. */
function remembering(shown: Shown, tasks: readonly FinishedTaskEvent[]): Shown {
  const outputs = new Map(tasks.map(({ data, output }) => [data.outputStep, output]))
  return { ...shown, outputOf: async (step) => outputs.get(step) ?? shown.outputOf(step) }
}

function shortened(step: ShownStep): ShownStep {
  const cut = (text: string) => capText(text, MAX_STEP_CHARACTERS)
  const { thought, toolInput, result } = step
  return {
    ...step,
    thought: cut(thought),
    toolInput: toolInput && cut(toolInput),
    result: result && cut(result),
  }
}
