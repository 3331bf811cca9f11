import type { Usage } from '../llm/model.ts'
import type { Inputs } from './crew.ts'
import type { TaskOutput } from './output.ts'

/** Which task and agent an event is about. */
interface Where {
  /** Task name. */
  readonly task: string
  /** Agent role, inputs filled in. */
  readonly agent: string
}

/**
 * What the runtime can say. The types are CrewAI's event names; the fields are ours, respelled in `src/wire`.
 * Prompts are left out on purpose: they are long, repeat each other, and are not for every reader of a run.
 */
export type CrewEvent =
  | { type: 'crew_kickoff_started'; data: { crew: string; inputs: Inputs } }
  | { type: 'task_started'; data: Where & { description: string; expectedOutput: string } }
  | { type: 'task_completed'; data: Where & { output: TaskOutput } }
  | { type: 'task_failed'; data: Where & { error: string } }
  | { type: 'agent_execution_started'; data: Where & { tools: readonly string[] } }
  | { type: 'agent_execution_completed'; data: Where & { output: string } }
  | { type: 'llm_call_started'; data: Where & { model: string } }
  | { type: 'llm_call_completed'; data: Where & LlmCallCompleted }
  | { type: 'llm_call_failed'; data: Where & { model: string; error: string } }
  | { type: 'tool_usage_started'; data: Where & { tool: string; arguments: string } }
  | { type: 'tool_usage_finished'; data: Where & ToolUsage }
  | { type: 'tool_usage_error'; data: Where & ToolUsage }

interface LlmCallCompleted {
  readonly model: string
  readonly simulated: boolean
  readonly callType: 'llm_call' | 'tool_call'
  /** What the model said beside its tool calls; the answer itself when it called none. */
  readonly thought: string
  readonly finishReason: string
  readonly usage: Usage
  readonly durationMs: number
}

interface ToolUsage {
  readonly tool: string
  /** JSON text as the model wrote it. */
  readonly arguments: string
  /** What the model is told: the result, or why there is none. */
  readonly output: string
  /** What the model said when it called the tool. */
  readonly thought: string
  readonly durationMs: number
}
