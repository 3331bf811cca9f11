import type { ToolCall, Usage } from '../llm/model.ts'

/** Which task and agent an event is about. */
interface Where {
  /** Task name. */
  readonly task: string
  /** Key of the agent. Its role, with the inputs filled in, may be long, and is a matter of whoever shows it. */
  readonly agent: string
}

/** A tool call of a model's reply, where its arguments and what the model said beside them stand. */
export interface CallRef {
  /** Key of the model call. */
  readonly step: string
  /** Place among the calls of the reply, from 0. */
  readonly index: number
}

/**
 * What the runtime can say. The types are CrewAI's event names; the fields are ours, respelled in `src/wire`.
 *
 * A text that a step came to is recorded once, as the output of that step; whatever else speaks of it names the step's
 * key. Prompts are left out on purpose: they repeat each other, and are not for every reader of a run.
 */
interface CrewEvents {
  crew_kickoff_started: { readonly crew: string }
  task_started: Where
  task_completed: Where & TaskCompleted
  task_failed: Where & { readonly error: string }
  agent_execution_started: Where & { readonly tools: readonly string[] }
  /** `outputStep`: key of the step whose output is the answer. */
  agent_execution_completed: Where & { readonly outputStep: string }
  llm_call_started: Where & { readonly model: string }
  /** Its output is what the model said beside its tool calls, or the answer when it called none. */
  llm_call_completed: Where & LlmCallCompleted
  llm_call_failed: Where & { readonly model: string; readonly error: string }
  /** The call is made again later. */
  llm_call_postponed: Where & LlmCallPostponed
  tool_usage_started: Where & ToolUsageStarted
  /** Its output is what the model is told. */
  tool_usage_finished: Where & ToolUsage
  tool_usage_error: Where & ToolUsageError
}

interface TaskCompleted {
  /** Key of the step whose output is the task's. */
  readonly outputStep: string
  /** Of the output. */
  readonly characters: number
  /** From the start to the end, without waits for a person. */
  readonly executionTimeMs: number
  readonly usage: Usage
}

interface LlmCallCompleted {
  readonly model: string
  readonly simulated: boolean
  readonly toolCalls: readonly ToolCall[]
  readonly finishReason: string
  readonly usage: Usage
  readonly durationMs: number
}

interface LlmCallPostponed {
  readonly model: string
  /** Key of the call. */
  readonly step: string
  /** Its last failure. */
  readonly error: string
  /** How often it was tried so far. */
  readonly attempts: number
  /** Of its first failure; like `retryAt` in ms since the epoch. */
  readonly since: number
  readonly retryAt: number
}

interface ToolUsageStarted {
  readonly tool: string
  readonly call: CallRef
}

interface ToolUsage extends ToolUsageStarted {
  readonly durationMs: number
  /** Of delegated work: key of the coworker's step whose output is the result. Null: the output is here. */
  readonly outputStep: string | null
}

interface ToolUsageError extends ToolUsage {
  /** True: nobody knows whether the call did its work. */
  readonly isUnknown: boolean
}

/** One of {@link CrewEvents}. */
export type CrewEvent = {
  [Type in keyof CrewEvents]: { readonly type: Type; readonly data: CrewEvents[Type] }
}[keyof CrewEvents]

export type CrewEventOf<Type extends keyof CrewEvents> = Extract<CrewEvent, { type: Type }>
