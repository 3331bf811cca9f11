import type { Crew } from '../../crew/crew.ts'
import type { Database } from '../../db/database.ts'
import type { EventOf } from '../event.ts'
import { findOutput, findStep } from '../journal/read.ts'
import type { LastStep, OpenQuestion } from '../progress.ts'
import type { Run } from '../run.ts'
import type { FinishedTask, ShownQuestion, ShownStep } from '../runs.ts'
import { roleOf, textsOf } from '../texts.ts'

/** A run, and the crew it keeps to: what texts are looked up and filled in from. */
export interface Shown {
  readonly db: Database['db']
  readonly run: Run
  readonly crew: Crew
  /** The output of a step. */
  readonly outputOf: (step: string) => Promise<string>
}

export function showing(db: Shown['db'], run: Run, crew: Crew): Shown {
  return { db, run, crew, outputOf: (step) => findOutput(db, run.id, step) }
}

export function finishedTask<Output extends FinishedTask['output']>(
  { data }: EventOf<'task_completed'>,
  output: Output,
  { run, crew }: Shown,
) {
  const { task, executionTimeMs } = data
  return { name: task, agent: roleOf(crew, run.shownInputs, data.agent), output, executionTimeMs }
}

export async function shownStep(
  step: LastStep,
  { db, run, crew, outputOf }: Shown,
): Promise<ShownStep> {
  const { type, task, tool, at, outputStep } = step
  const agent = roleOf(crew, run.shownInputs, step.agent)
  const output = await outputOf(outputStep)
  if (step.call === null)
    return { type, task, agent, tool, thought: output, toolInput: null, result: null, at }
  const reply = await findStep(db, run.id, step.call.step)
  const call =
    reply?.type === 'llm_call_completed' ? reply.data.toolCalls[step.call.index] : undefined
  const thought = reply?.output ?? ''
  return { type, task, agent, tool, thought, toolInput: call?.arguments ?? '', result: output, at }
}

export async function shownQuestion(
  { kind, requestId, task, agent, digest, outputStep, askedAt }: OpenQuestion,
  { run, crew, outputOf }: Shown,
): Promise<ShownQuestion> {
  return {
    kind,
    requestId,
    task,
    agent: roleOf(crew, run.shownInputs, agent),
    description: textsOf(crew, run.shownInputs, task).description,
    output: await outputOf(outputStep),
    digest,
    askedAt,
  }
}
