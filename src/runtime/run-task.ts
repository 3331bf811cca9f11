import type { Crew } from '../crew/crew.ts'
import { type CrewHost, type HumanAnswer, passInterruption } from '../crew/host.ts'
import { summaryOf, type TaskOutput } from '../crew/output.ts'
import type { Task } from '../crew/task.ts'
import { messageOf } from '../errors.ts'
import { addUsage, type Message, NO_USAGE } from '../llm/model.ts'
import { createToolbox, toAgentTool } from '../tools/toolbox.ts'
import { type Assignment, assignTask } from './assign-task.ts'
import { delegationTools } from './delegation.ts'
import { feedbackPrompt, openingMessages } from './prompts.ts'
import { runAgent } from './run-agent.ts'
import type { TaskExecution } from './steps/agent-execution.ts'

export interface TaskResult {
  readonly output: TaskOutput
  /** What the person who approved the output had to say; empty: nothing, or nobody was asked. */
  readonly remark: string
}

const APPROVED: HumanAnswer = { approved: true, feedback: '', waitedMs: 0 }

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
  const about = { task: task.name, agent: assignment.agent.role }
  const { description, expectedOutput } = task
  const startedAt = host.emit(`${task.name}/started`, {
    type: 'task_started',
    data: { ...about, description, expectedOutput },
  })
  try {
    const work = await workUntilApproved(host, task, assignment, context)
    // A step, so that a run executed again gets the output as it was recorded, with its time.
    const output = await host.step({
      key: `${task.name}/completed`,
      effect: async () => toOutput(task, assignment, work, Date.now() - startedAt),
      event: (result) => ({ type: 'task_completed', data: { ...about, output: result } }),
    })
    return { output, remark: work.remark }
  } catch (cause) {
    passInterruption(cause, host.signal)
    const error = messageOf(cause)
    host.emit(`${task.name}/failed`, { type: 'task_failed', data: { ...about, error } })
    throw new Error(`Task "${task.name}" failed: ${error}`, { cause })
  }
}

interface Work extends Pick<TaskOutput, 'raw' | 'usage'> {
  readonly remark: string
  /** Waiting for people, in ms. */
  readonly waitedMs: number
}

async function workUntilApproved(
  host: CrewHost,
  task: Task,
  { agent, coworkers }: Assignment,
  context: string,
): Promise<Work> {
  let usage = NO_USAGE
  let waitedMs = 0
  const execution: TaskExecution = {
    host,
    task: task.name,
    countUsage(more) {
      usage = addUsage(usage, more)
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
    const question = {
      key: `${key}/human`,
      task: task.name,
      agent: agent.role,
      output: answer.text,
    }
    const review = task.humanInput ? await host.askHuman(question) : APPROVED
    waitedMs += review.waitedMs
    if (review.approved) return { raw: answer.text, usage, remark: review.feedback, waitedMs }
    messages = [...answer.messages, { role: 'user', content: feedbackPrompt(review.feedback) }]
  }
}

function toOutput(task: Task, { agent }: Assignment, work: Work, elapsedMs: number): TaskOutput {
  const { name, description, expectedOutput } = task
  return {
    name,
    description,
    expectedOutput,
    summary: summaryOf(description),
    raw: work.raw,
    agent: agent.role,
    executionTimeMs: Math.max(0, elapsedMs - work.waitedMs),
    usage: work.usage,
  }
}
