import { z } from 'zod'
import type { RunEvent } from '../runs/event.ts'
import type { Run, Webhook } from '../runs/run.ts'
import type { DeliveryDraft, DeliveryKind } from '../webhooks/delivery.ts'
import {
  fromTask,
  fromUsage,
  Instant,
  Meta,
  RunId,
  TaskResult,
  TokenUsage,
  toIso,
  toSeconds,
  UsageMetrics,
} from './fields.ts'
import { parseObject } from './json.ts'
import { State, Status } from './state.ts'

/** In every message: receivers find their own request by it. */
const runFields = { kickoff_id: RunId, execution_id: RunId, meta: Meta }

/** Sources, whose fields do not conflict: AMP's webhook guide, its API guide, and what its live server sends. */
export const TaskWebhook = z
  .object({
    ...runFields,
    task_id: z.string().describe('Name of the task.'),
    name: z.string().describe('The same.'),
    description: z.string().describe('With the inputs filled in, like expected_output.'),
    expected_output: z.string(),
    summary: z.string().describe('The first words of the description.'),
    agent: z.string().describe('Role of the agent.'),
    output: z.string(),
    output_json: z.record(z.string(), z.unknown()).nullable(),
    status: z.literal('completed'),
    execution_time: z.number().describe('Seconds from start to end, without waits for a person.'),
    timestamp: Instant,
  })
  .meta({
    id: 'TaskWebhook',
    description: 'A task is finished.',
  })

export const StepWebhook = z
  .object({
    ...runFields,
    task_id: z.string().describe('Name of the task.'),
    agent: z.string().describe('Role of the agent.'),
    step_type: z.enum(['tool', 'final_answer']),
    prompt: z.null().describe('Of AMP. Prompts are not sent.'),
    thought: z.string().describe('What the agent said when it called the tool; its answer.'),
    content: z.string().describe('The same.'),
    tool: z.string().nullable(),
    tool_input: z.string().nullable().describe('JSON text.'),
    result: z.string().nullable().describe('What the tool answered, or why it could not.'),
    timestamp: Instant,
  })
  .meta({
    id: 'StepWebhook',
    description: 'An agent has called a tool, or answered.',
  })

export const CrewWebhook = z
  .object({
    ...runFields,
    state: State,
    status: Status,
    stopped: z.boolean(),
    simulated: z.boolean(),
    /**
     * A string whatever RESULT_FORMAT says: AMP's webhook guide and its live server agree on it, and catch hooks of
     * automation tools map it as text. `tasks` beside it holds what the object form would add.
     */
    result: z.string().nullable().describe('The last answer. Null unless completed.'),
    result_json: z.record(z.string(), z.unknown()).nullable(),
    tasks: z.array(TaskResult).describe('The finished tasks, also when it failed.'),
    error: z.string().nullable(),
    error_message: z.string().nullable(),
    execution_time: z.number().describe('Seconds from start to end, without waits for a person.'),
    usage_metrics: UsageMetrics,
    token_usage: TokenUsage,
    timestamp: Instant,
  })
  .meta({ id: 'CrewWebhook', description: 'An execution has completed, failed or been stopped.' })

export const HumanInputWebhook = z
  .object({
    ...runFields,
    task_id: z.string().meta({ format: 'uuid', description: 'What `/resume` is given.' }),
    task_name: z.string(),
    agent: z.string().describe('Role of the agent.'),
    task_output: z.string().describe('The answer to be judged.'),
    requested_at: Instant,
  })
  .meta({
    id: 'HumanInputWebhook',
    description: 'A person is asked; the execution waits for `/resume`.',
  })

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>

/**
 * What is to be sent for an event: nothing, when it is not one to tell or the run has no webhook for it.
 *
 * A failed task has no message of its own, as on AMP: receivers take a task message for a finished task. The crew
 * message tells of it.
 */
export function renderWebhooks(run: Run, event: RunEvent): readonly DeliveryDraft[] {
  const { task, step, crew, humanInput } = run.webhooks
  switch (event.type) {
    case 'task_completed':
      return draft(run, 'task', task, () => taskBody(run, event))
    case 'tool_usage_finished':
    case 'tool_usage_error':
      return draft(run, 'step', step, () => toolBody(run, event))
    case 'agent_execution_completed':
      return draft(run, 'step', step, () => answerBody(run, event))
    case 'human_feedback_requested':
      return draft(run, 'human_input', humanInput, () => humanInputBody(run, event))
    case 'crew_kickoff_completed':
    case 'crew_kickoff_failed':
    case 'run_stopped':
      return draft(run, 'crew', crew, () => crewBody(run, event))
    default:
      return []
  }
}

function draft(
  run: Run,
  kind: DeliveryKind,
  webhook: Webhook | null,
  body: () => unknown,
): readonly DeliveryDraft[] {
  return webhook === null ? [] : [{ runId: run.id, kind, webhook, body: JSON.stringify(body()) }]
}

function fromRunFields({ id, meta }: Run) {
  return { kickoff_id: id, execution_id: id, meta }
}

function taskBody(
  run: Run,
  { data: { output }, at }: EventOf<'task_completed'>,
): z.output<typeof TaskWebhook> {
  const { task_id, name, agent, output: text, execution_time } = fromTask(output)
  return {
    ...fromRunFields(run),
    task_id,
    name,
    description: output.description,
    expected_output: output.expectedOutput,
    summary: output.summary,
    agent,
    output: text,
    output_json: parseObject(text),
    status: 'completed',
    execution_time,
    timestamp: toIso(at),
  }
}

function toolBody(
  run: Run,
  { data, at }: EventOf<'tool_usage_finished' | 'tool_usage_error'>,
): z.output<typeof StepWebhook> {
  return {
    ...fromRunFields(run),
    task_id: data.task,
    agent: data.agent,
    step_type: 'tool',
    prompt: null,
    thought: data.thought,
    content: data.thought,
    tool: data.tool,
    tool_input: data.arguments,
    result: data.output,
    timestamp: toIso(at),
  }
}

function answerBody(
  run: Run,
  { data, at }: EventOf<'agent_execution_completed'>,
): z.output<typeof StepWebhook> {
  return {
    ...fromRunFields(run),
    task_id: data.task,
    agent: data.agent,
    step_type: 'final_answer',
    prompt: null,
    thought: data.output,
    content: data.output,
    tool: null,
    tool_input: null,
    result: null,
    timestamp: toIso(at),
  }
}

function humanInputBody(
  run: Run,
  { data, at }: EventOf<'human_feedback_requested'>,
): z.output<typeof HumanInputWebhook> {
  return {
    ...fromRunFields(run),
    task_id: data.requestId,
    task_name: data.task,
    agent: data.agent,
    task_output: data.output,
    requested_at: toIso(at),
  }
}

function crewBody(
  run: Run,
  event: EventOf<'crew_kickoff_completed' | 'crew_kickoff_failed' | 'run_stopped'>,
): z.output<typeof CrewWebhook> {
  const { tasks, usage, executionTimeMs } = event.data
  const isCompleted = event.type === 'crew_kickoff_completed'
  const output = isCompleted ? event.data.output : null
  const error = isCompleted ? null : event.data.error
  return {
    ...fromRunFields(run),
    state: isCompleted ? 'SUCCESS' : 'FAILED',
    status: isCompleted ? 'completed' : 'error',
    stopped: event.type === 'run_stopped',
    simulated: event.data.simulated,
    result: output,
    result_json: output === null ? null : parseObject(output),
    tasks: tasks.map(fromTask),
    error,
    error_message: error,
    execution_time: toSeconds(executionTimeMs),
    ...fromUsage(usage),
    timestamp: toIso(event.at),
  }
}
