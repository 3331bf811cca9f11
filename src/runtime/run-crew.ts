import type { Crew, Inputs } from '../crew/crew.ts'
import type { CrewHost } from '../crew/host.ts'
import { fillIn } from '../crew/inputs.ts'
import type { CrewOutput } from '../crew/output.ts'
import type { Task } from '../crew/task.ts'
import { addUsage, NO_USAGE } from '../llm/model.ts'
import { joinContext, withRemark } from './prompts.ts'
import { runTask, type TaskResult } from './run-task.ts'

/**
 * Runs a crew to its end. Executed again over a host that remembers its steps, it goes on where it was.
 *
 * @param inputs for the placeholders; the crew's defaults are not added here
 * @throws Error with a text for people when a task fails or none has an output; Interruption when the run cannot go on
 */
export async function runCrew(crew: Crew, inputs: Inputs, host: CrewHost): Promise<CrewOutput> {
  host.emit('crew_kickoff_started', {
    event: { type: 'crew_kickoff_started', data: { crew: crew.name } },
    output: null,
  })
  // Once: what a run makes of the placeholders is never looked at again.
  const filled = fillIn(crew, inputs)
  const done: TaskResult[] = []
  for (const task of filled.tasks)
    done.push(await runTask(host, filled, task, contextOf(task, done)))

  const tasks = done.map(({ output }) => output)
  const last = done.findLast(({ output }) => output.raw.trim() !== '')
  if (!last) throw new Error(`No task of the crew ${crew.name} has an output.`)
  return {
    raw: last.output.raw,
    outputStep: last.step,
    tasks,
    usage: tasks.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE),
  }
}

/** Outputs of the tasks it names, in its order; of all earlier ones when it names none. */
function contextOf({ context }: Task, done: readonly TaskResult[]): string {
  const given = context
    ? context.flatMap((name) => done.find(({ output }) => output.name === name) ?? [])
    : done
  return joinContext(given.map(({ output, remark }) => withRemark(output.raw, remark)))
}
