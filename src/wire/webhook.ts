import { z } from 'zod'
import type { RunEvent } from '../runs/event.ts'
import type { Run, WebhookKind } from '../runs/run.ts'
import type { RunMessage } from '../runs/runs.ts'
import type { DeliveryDraft } from '../webhooks/delivery.ts'
import {
  CrewVersion,
  Digest,
  executionTimeOf,
  fromTask,
  fromUsage,
  Instant,
  Meta,
  QuestionKind,
  RunId,
  TaskResult,
  TokenUsage,
  toIso,
  UsageMetrics,
} from './fields.ts'
import { parseObject } from './json.ts'
import { State, Status, stateOf, statusOf } from './state.ts'

/** In every message: receivers find their own request by it, and see whether they have missed one. */
const messageFields = {
  kickoff_id: RunId,
  execution_id: RunId,
  crew_version: CrewVersion,
  meta: Meta,
  sequence: z
    .number()
    .int()
    .min(1)
    .describe('Counts the messages of the execution to this URL: from 1, without gaps.'),
}

/** Sources, whose fields do not conflict: AMP's webhook guide, its API guide, and what its live server sends. */
export const TaskWebhook = z
  .object({
    ...messageFields,
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
    ...messageFields,
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
    ...messageFields,
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
    tasks: z
      .array(TaskResult)
      .describe(
        'The finished tasks, also when it failed. Their outputs are left out when they have more than 1,000,000 characters in all: the status has them.',
      ),
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
    ...messageFields,
    task_id: z.string().meta({ format: 'uuid', description: 'What `/resume` is given.' }),
    kind: QuestionKind,
    task_name: z.string(),
    agent: z.string().describe('Role of the agent.'),
    task_output: z.string().describe('The answer to be judged.'),
    digest: Digest,
    requested_at: Instant,
  })
  .meta({
    id: 'HumanInputWebhook',
    description: 'A person is asked; the execution waits for `/resume`.',
  })

/**
 * Who is told of an event: nobody, when it is not one to tell or the run has no webhook for it.
 *
 * A failed task has no message of its own, as on AMP: receivers take a task message for a finished task. The crew
 * message tells of it.
 */
export function draftWebhooks(run: Run, { type, seq }: RunEvent): readonly DeliveryDraft[] {
  const kind = KINDS[type]
  if (kind === null) return []
  const webhook = run.webhooks[kind]
  return webhook === null ? [] : [{ seq, kind, webhook }]
}

const KINDS: Readonly<Record<RunEvent['type'], WebhookKind | null>> = {
  run_queued: null,
  crew_code_changed: null,
  crew_kickoff_started: null,
  task_started: null,
  task_completed: 'task',
  task_failed: null,
  agent_execution_started: null,
  agent_execution_completed: 'step',
  llm_call_started: null,
  llm_call_completed: null,
  llm_call_failed: null,
  llm_call_postponed: null,
  tool_usage_started: null,
  tool_usage_finished: 'step',
  tool_usage_error: 'step',
  human_feedback_requested: 'humanInput',
  human_feedback_received: null,
  crew_kickoff_completed: 'crew',
  crew_kickoff_failed: 'crew',
  run_stopped: 'crew',
  run_retried: null,
}

/** What a webhook is sent. */
export function fromMessage(message: RunMessage, sequence: number) {
  const { id, meta, version } = message.kind === 'crew' ? message.report.run : message.run
  const fields = { kickoff_id: id, execution_id: id, crew_version: version, meta, sequence }
  return { ...fields, ...bodyOf(message) }
}

function bodyOf(message: RunMessage) {
  switch (message.kind) {
    case 'task':
      return taskBody(message)
    case 'step':
      return stepBody(message)
    case 'human_input':
      return humanInputBody(message)
    case 'crew':
      return crewBody(message)
  }
}

type MessageOf<Kind extends RunMessage['kind']> = Extract<RunMessage, { kind: Kind }>

type Body<Schema extends z.ZodType> = Omit<z.output<Schema>, keyof typeof messageFields>

function taskBody({ task, summary, at }: MessageOf<'task'>): Body<typeof TaskWebhook> {
  const { task_id, name, agent, execution_time } = fromTask(task)
  return {
    task_id,
    name,
    description: task.description,
    expected_output: task.expectedOutput,
    summary,
    agent,
    output: task.output,
    output_json: parseObject(task.output),
    status: 'completed',
    execution_time,
    timestamp: toIso(at),
  }
}

function stepBody({ step }: MessageOf<'step'>): Body<typeof StepWebhook> {
  return {
    task_id: step.task,
    agent: step.agent,
    step_type: step.type,
    prompt: null,
    thought: step.thought,
    content: step.thought,
    tool: step.tool,
    tool_input: step.toolInput,
    result: step.result,
    timestamp: toIso(step.at),
  }
}

function humanInputBody({ question }: MessageOf<'human_input'>): Body<typeof HumanInputWebhook> {
  return {
    task_id: question.requestId,
    kind: question.kind,
    task_name: question.task,
    agent: question.agent,
    task_output: question.output,
    digest: question.digest,
    requested_at: toIso(question.askedAt),
  }
}

function crewBody({ report, at }: MessageOf<'crew'>): Body<typeof CrewWebhook> {
  const { run, tasks, output } = report
  return {
    state: stateOf(report),
    status: statusOf(run.status),
    stopped: run.status === 'stopped',
    simulated: run.simulated || run.progress.simulated,
    result: output,
    result_json: output === null ? null : parseObject(output),
    tasks: tasks.map((task) => fromTask(task)),
    error: run.error,
    error_message: run.error,
    execution_time: executionTimeOf(run, at) ?? 0,
    ...fromUsage(run.progress.usage),
    timestamp: toIso(at),
  }
}
