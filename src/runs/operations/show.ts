import type { Crew } from '../../crew/crew.ts'
import type { Mask } from '../../crew/inputs/sensitive.ts'
import type { Database } from '../../db/database.ts'
import type { Definitions } from '../definitions.ts'
import type { EventOf } from '../event.ts'
import { type InputVault, maskOf } from '../input-vault.ts'
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
  /** Of everything that agents, tools and models said. */
  readonly mask: Mask
  /** The output of a step, masked. */
  readonly outputOf: (step: string) => Promise<string>
}

interface ShowDeps {
  readonly db: Shown['db']
  readonly definitions: Definitions
  readonly inputVault: InputVault
}

export async function showing({ db, definitions, inputVault }: ShowDeps, run: Run): Promise<Shown> {
  const mask = maskOf(run, inputVault)
  const outputOf = async (step: string) => mask(await findOutput(db, run.id, step))
  return { db, run, crew: await definitions.crewOf(run), mask, outputOf }
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
  { db, run, crew, mask, outputOf }: Shown,
): Promise<ShownStep> {
  const { type, task, tool, at, outputStep } = step
  const agent = roleOf(crew, run.shownInputs, step.agent)
  const output = await outputOf(outputStep)
  if (step.call === null)
    return { type, task, agent, tool, thought: output, toolInput: null, result: null, at }
  const reply = await findStep(db, run.id, step.call.step)
  const call =
    reply?.type === 'llm_call_completed' ? reply.data.toolCalls[step.call.index] : undefined
  const thought = mask(reply?.output ?? '')
  const toolInput = mask(call?.arguments ?? '')
  return { type, task, agent, tool, thought, toolInput, result: output, at }
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
