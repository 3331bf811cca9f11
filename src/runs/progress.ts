import type { TaskOutput } from '../crew/output.ts'
import { addUsage, NO_USAGE, type Usage } from '../llm/model.ts'
import type { HumanFeedbackRequested, RunEvent } from './event.ts'

/** The newest thing an agent did: called a tool, or answered. */
export interface LastStep {
  readonly type: 'tool' | 'final_answer'
  readonly task: string
  readonly agent: string
  readonly thought: string
  readonly tool: string | null
  /** JSON text. */
  readonly toolInput: string | null
  readonly result: string | null
  readonly at: number
}

/** How far a run is: its journal, read once from first to last. */
export interface Progress {
  /** Names of all tasks of the crew, as it was at kickoff. */
  readonly taskNames: readonly string[]
  /** Outputs of the finished ones, in order. */
  readonly tasks: readonly TaskOutput[]
  /** The task that goes on or waits; null before the first, between two, and after the last. */
  readonly current: { readonly task: string; readonly agent: string } | null
  readonly waiting: (HumanFeedbackRequested & { readonly requestedAt: number }) | null
  /** UUIDs of the questions that were answered. */
  readonly answered: readonly string[]
  readonly lastStep: LastStep | null
  readonly usage: Usage
  /** True when the simulated model gave any of the answers. */
  readonly simulated: boolean
  /** Time spent waiting for people in all, in ms; a wait that goes on is not in it. */
  readonly waitedMs: number
}

export const NO_PROGRESS: Progress = Object.freeze({
  taskNames: [],
  tasks: [],
  current: null,
  waiting: null,
  answered: [],
  lastStep: null,
  usage: NO_USAGE,
  simulated: false,
  waitedMs: 0,
})

export function progressOf(events: readonly RunEvent[]): Progress {
  return events.reduce(advance, NO_PROGRESS)
}

function advance(progress: Progress, event: RunEvent): Progress {
  switch (event.type) {
    case 'run_queued':
      return { ...progress, taskNames: event.data.tasks }
    case 'task_started':
      return { ...progress, current: { task: event.data.task, agent: event.data.agent } }
    case 'task_completed':
      return { ...progress, tasks: [...progress.tasks, event.data.output], current: null }
    case 'llm_call_completed':
      return {
        ...progress,
        usage: addUsage(progress.usage, event.data.usage),
        simulated: progress.simulated || event.data.simulated,
      }
    case 'tool_usage_finished':
    case 'tool_usage_error':
      return { ...progress, lastStep: toolStep(event) }
    case 'agent_execution_completed':
      return { ...progress, lastStep: finalStep(event) }
    case 'human_feedback_requested':
      return { ...progress, waiting: { ...event.data, requestedAt: event.at } }
    case 'human_feedback_received':
      return {
        ...progress,
        waiting: null,
        answered: [...progress.answered, event.data.requestId],
        waitedMs: progress.waitedMs + event.data.waitedMs,
      }
    case 'crew_kickoff_completed':
    case 'crew_kickoff_failed':
    case 'run_stopped':
      return { ...progress, current: null, waiting: null, waitedMs: waitedMsAt(progress, event.at) }
    default:
      return progress
  }
}

/** Time spent waiting for people until `now`, with the wait that goes on. */
export function waitedMsAt(progress: Progress, now: number): number {
  return progress.waitedMs + (progress.waiting === null ? 0 : now - progress.waiting.requestedAt)
}

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>

function toolStep({ data, at }: EventOf<'tool_usage_finished' | 'tool_usage_error'>): LastStep {
  const { task, agent, thought, tool } = data
  return {
    type: 'tool',
    task,
    agent,
    thought,
    tool,
    toolInput: data.arguments,
    result: data.output,
    at,
  }
}

function finalStep({ data, at }: EventOf<'agent_execution_completed'>): LastStep {
  const { task, agent, output } = data
  return {
    type: 'final_answer',
    task,
    agent,
    thought: output,
    tool: null,
    toolInput: null,
    result: null,
    at,
  }
}
