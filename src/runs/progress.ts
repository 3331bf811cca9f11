import { addUsage, type Failing, NO_USAGE, type Usage } from '../llm/model.ts'
import type { EventOf, HumanFeedbackRequested, RunEvent } from './event.ts'

/** The newest thing an agent did: called a tool, or answered. Its texts stand in the journal. */
export interface LastStep {
  readonly type: 'tool' | 'final_answer'
  readonly task: string
  /** Key of the agent. */
  readonly agent: string
  /** Of the tool; null: it answered. */
  readonly tool: string | null
  /** Step whose output is the tool's result, or the answer. */
  readonly outputStep: string
  /** Where the arguments of the tool and the thought beside them stand. */
  readonly call: { readonly step: string; readonly index: number } | null
  /** ms since the epoch. */
  readonly at: number
}

/** A step that was postponed and is not done yet. */
export interface PostponedStep extends Failing {
  /** Its key. */
  readonly step: string
  /** Why it could not be done, for people. */
  readonly error: string
  /** ms since the epoch. */
  readonly retryAt: number
}

export type OpenQuestion = HumanFeedbackRequested & { readonly askedAt: number }

/**
 * How far a run is. It is kept on the run's row and brought forward in the commit of each event, so that reading it
 * costs the same however long the run is. It grows with what goes on at the same time, never with what is over.
 */
export interface Progress {
  /** Tasks that are finished. */
  readonly completed: number
  /** The tasks that go on or wait, in the order they started. */
  readonly current: readonly { readonly task: string; readonly agent: string }[]
  /** What people are asked, oldest first. */
  readonly questions: readonly OpenQuestion[]
  readonly postponed: readonly PostponedStep[]
  readonly lastStep: LastStep | null
  /** `seq` of the newest `task_completed`; null: there is none. */
  readonly lastTaskSeq: number | null
  /** Step whose output is the run's; null: it has none yet. */
  readonly outputStep: string | null
  readonly usage: Usage
  /** True when the simulated model gave any of the answers. */
  readonly simulated: boolean
  /** Time spent waiting for people, and failed until it was retried, in ms; a wait that goes on is not in it. */
  readonly waitedMs: number
  /** Of the outputs of finished tasks. */
  readonly outputCharacters: number
  /** Of all that is in the journal, in characters. */
  readonly journalCharacters: number
}

export const NO_PROGRESS: Progress = Object.freeze({
  completed: 0,
  current: [],
  questions: [],
  postponed: [],
  lastStep: null,
  lastTaskSeq: null,
  outputStep: null,
  usage: NO_USAGE,
  simulated: false,
  waitedMs: 0,
  outputCharacters: 0,
  journalCharacters: 0,
})

/** The progress once the event has happened. Events that it leaves alone are named, so that a new one is thought of. */
export function advance(progress: Progress, event: RunEvent): Progress {
  switch (event.type) {
    case 'task_started':
      return {
        ...progress,
        current: [...progress.current, { task: event.data.task, agent: event.data.agent }],
      }
    case 'task_completed':
      return {
        ...progress,
        completed: progress.completed + 1,
        current: without(progress.current, event.data.task),
        lastTaskSeq: event.seq,
        outputCharacters: progress.outputCharacters + event.data.characters,
      }
    case 'task_failed':
      return { ...progress, current: without(progress.current, event.data.task) }
    case 'llm_call_completed':
      return {
        ...progress,
        postponed: withoutStep(progress.postponed, event.key),
        usage: addUsage(progress.usage, event.data.usage),
        simulated: progress.simulated || event.data.simulated,
      }
    case 'llm_call_failed':
      return { ...progress, postponed: withoutStep(progress.postponed, event.key) }
    case 'llm_call_postponed':
      return { ...progress, postponed: postponedBy(event, progress.postponed) }
    case 'tool_usage_finished':
    case 'tool_usage_error':
      return { ...progress, lastStep: toolStep(event) }
    case 'agent_execution_completed':
      return { ...progress, lastStep: finalStep(event) }
    case 'human_feedback_requested':
      return {
        ...progress,
        questions: [...progress.questions, { ...event.data, askedAt: event.at }],
      }
    case 'human_feedback_received':
      return {
        ...progress,
        questions: progress.questions.filter(({ requestId }) => requestId !== event.data.requestId),
        waitedMs: progress.waitedMs + event.data.waitedMs,
      }
    case 'crew_kickoff_completed':
      return { ...ended(progress, event.at), outputStep: event.data.outputStep }
    case 'crew_kickoff_failed':
    case 'run_stopped':
      return ended(progress, event.at)
    case 'run_retried':
      return { ...progress, waitedMs: progress.waitedMs + event.data.idleMs }
    case 'run_queued':
    case 'crew_code_changed':
    case 'crew_kickoff_started':
    case 'agent_execution_started':
    case 'llm_call_started':
    case 'tool_usage_started':
      return progress
  }
}

function ended(progress: Progress, at: number): Progress {
  const waitedMs = waitedMsAt(progress, at)
  return { ...progress, current: [], questions: [], postponed: [], waitedMs }
}

/** Time spent waiting for people until `now`, with the wait that goes on. */
export function waitedMsAt({ waitedMs, questions }: Progress, now: number): number {
  return waitedMs + (questions[0] === undefined ? 0 : Math.max(0, now - questions[0].askedAt))
}

function without(current: Progress['current'], finished: string): Progress['current'] {
  return current.filter(({ task }) => task !== finished)
}

function withoutStep(postponed: Progress['postponed'], done: string | null): Progress['postponed'] {
  return postponed.filter(({ step }) => step !== done)
}

function postponedBy(
  { data: { step, error, since, attempts, retryAt } }: EventOf<'llm_call_postponed'>,
  postponed: Progress['postponed'],
): Progress['postponed'] {
  return [...withoutStep(postponed, step), { step, error, since, attempts, retryAt }]
}

export function toolStep({
  data,
  at,
  key,
}: EventOf<'tool_usage_finished' | 'tool_usage_error'>): LastStep {
  const { task, agent, tool, call } = data
  return { type: 'tool', task, agent, tool, call, outputStep: data.outputStep ?? key ?? '', at }
}

export function finalStep({ data, at }: EventOf<'agent_execution_completed'>): LastStep {
  const { task, agent, outputStep } = data
  return { type: 'final_answer', task, agent, tool: null, call: null, outputStep, at }
}
