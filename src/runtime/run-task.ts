import type { Crew } from '../crew/crew.ts'
import type { CrewEvent } from '../crew/events.ts'
import { type Answer, type CrewHost, passInterruption } from '../crew/host.ts'
import { summaryOf, type TaskOutput } from '../crew/output.ts'
import type { Task } from '../crew/task.ts'
import { messageOf } from '../errors.ts'
import { addUsage, type Message, NO_USAGE } from '../llm/model.ts'
import { createToolbox, toAgentTool } from '../tools/toolbox.ts'
import { type Assignment, assignTask } from './assign-task.ts'
import { delegationTools } from './delegation.ts'
import { digestOf } from './digest.ts'
import { feedbackPrompt, openingMessages } from './prompts.ts'
import { runAgent } from './run-agent.ts'
import type { TaskExecution } from './steps/agent-execution.ts'

export interface TaskResult {
  readonly output: TaskOutput
  /** Key of the step whose output is the task's. */
  readonly step: string
  /** What the person who approved the output had to say; empty: nothing, or nobody was asked. */
  readonly remark: string
}

const APPROVED: Answer = { approved: true, feedback: '', waitedMs: 0 }

/**
 * Does one task, again and again in the same conversation until the person who reviews it approves.
 *
 * @param crew inputs filled in, like the task
 * @param context outputs of the tasks before it; empty: none
 * @throws Error with a text for people when the task fails; Interruption
 */
export async function runTask(
  host: CrewHost,
  crew: Crew,
  task: Task,
  context: string,
): Promise<TaskResult> {
  const assignment = assignTask(crew, task)
  const about = { task: task.name, agent: assignment.agent.key }
  const say = <Event extends CrewEvent>(key: string, event: Event) =>
    host.emit(`${task.name}/${key}`, { event, output: null })
  const { at: startedAt } = say('started', { type: 'task_started', data: about })
  try {
    const { retryHorizonMs } = crew
    const work = await workUntilApproved({ host, retryHorizonMs }, task, assignment, context)
    const { event } = say('completed', {
      type: 'task_completed',
      data: {
        ...about,
        outputStep: work.step,
        characters: work.raw.length,
        executionTimeMs: Math.max(0, Date.now() - startedAt - work.waitedMs),
        usage: work.usage,
      },
    })
    const output = toOutput(task, assignment, work.raw, event.data)
    return { output, step: work.step, remark: work.remark }
  } catch (cause) {
    passInterruption(cause, host.signal)
    const error = messageOf(cause)
    say('failed', { type: 'task_failed', data: { ...about, error } })
    throw new Error(`Task "${task.name}" failed: ${error}`, { cause })
  }
}

interface Work extends Pick<TaskOutput, 'raw' | 'usage'> {
  /** Key of the step whose output `raw` is. */
  readonly step: string
  readonly remark: string
  /** Waiting for people, in ms. */
  readonly waitedMs: number
}

async function workUntilApproved(
  { host, retryHorizonMs }: Pick<TaskExecution, 'host' | 'retryHorizonMs'>,
  task: Task,
  { agent, coworkers }: Assignment,
  context: string,
): Promise<Work> {
  let usage = NO_USAGE
  let waitedMs = 0
  const execution: TaskExecution = {
    host,
    task: task.name,
    retryHorizonMs,
    countUsage(more) {
      usage = addUsage(usage, more)
    },
    countWait(moreMs) {
      waitedMs += moreMs
    },
  }
  const ownTools = task.tools.length > 0 ? task.tools : agent.tools
  const tools = createToolbox([
    ...ownTools.map(toAgentTool),
    ...delegationTools(execution, coworkers),
  ])
  let messages: readonly Message[] = openingMessages(agent, { ...task, context })
  for (let round = 1; ; round += 1) {
    const key = `${task.name}/${round}`
    const answer = await runAgent({ ...execution, agent, key, tools }, messages)
    const shown = { description: task.description, output: answer.text, round }
    const review = task.humanInput
      ? await host.ask({
          kind: 'review',
          key: `${key}/human`,
          task: task.name,
          agent: agent.key,
          outputStep: answer.step,
          output: answer.text,
          digest: digestOf(shown),
        })
      : APPROVED
    waitedMs += review.waitedMs
    const { text: raw, step } = answer
    if (review.approved) return { raw, step, usage, remark: review.feedback, waitedMs }
    messages = [...answer.messages, { role: 'user', content: feedbackPrompt(review.feedback) }]
  }
}

function toOutput(
  { name, description, expectedOutput }: Task,
  { agent }: Assignment,
  raw: string,
  { executionTimeMs, usage }: Pick<TaskOutput, 'executionTimeMs' | 'usage'>,
): TaskOutput {
  const summary = summaryOf(description)
  const { role } = agent
  return { name, description, expectedOutput, summary, raw, agent: role, executionTimeMs, usage }
}
