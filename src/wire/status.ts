import { z } from 'zod'
import type { RunReport, ShownQuestion, ShownStep } from '../runs/runs.ts'
import {
  CrewVersion,
  Digest,
  executionTimeOf,
  fromTask,
  fromText,
  fromUsage,
  Instant,
  Meta,
  QuestionKind,
  type Refer,
  RunId,
  TaskResult,
  TokenUsage,
  toIso,
  toIsoOrNull,
  UsageMetrics,
} from './fields.ts'
import { parseObject } from './json.ts'
import { State, Status, stateOf, statusOf } from './state.ts'

/**
 * AMP's published document makes `result` an object, its live server a string, and nothing can be both.
 * `string` also suits Microsoft's Semantic Kernel plugins.
 */
export const ResultFormat = z.enum(['object', 'string'])
export type ResultFormat = z.output<typeof ResultFormat>

export const StatusQuery = z.object({
  include: z
    .enum(['tasks'])
    .optional()
    .describe('`tasks`: also outputs that would be left out for their length.'),
  result: ResultFormat.optional().describe(
    'Whether `result` is the object of the published document or the plain answer. Default: the RESULT_FORMAT setting.',
  ),
})

const ResultObject = z
  .object({ output: z.string().describe('The last answer.'), tasks: z.array(TaskResult) })
  .meta({ id: 'CrewResult', description: 'What the crew came to.' })

const ProgressBody = z
  .object({
    completed_tasks: z.number(),
    total_tasks: z.number(),
    unit: z.literal('task'),
    completed: z.number(),
    total: z.number(),
    remaining: z.number(),
    current: z.string().nullable().describe('Name of the task that goes on or waits.'),
    current_agent: z.string().nullable().describe('Role of the agent that does it.'),
    started_at: Instant.nullable(),
    updated_at: Instant,
    duration_seconds: z.number().nullable(),
  })
  .meta({ id: 'Progress', description: 'How many tasks are done, in the words of both dialects.' })

const LastStep = z
  .object({
    step_type: z.enum(['tool', 'final_answer']),
    task_id: z.string(),
    agent: z.string(),
    thought: z
      .string()
      .describe(
        'Cut after 16,000 characters, like tool_input and result, unless `?include=tasks`.',
      ),
    tool: z.string().nullable(),
    tool_input: z.string().nullable().describe('JSON text.'),
    result: z.string().nullable().describe('What the tool answered.'),
    timestamp: Instant,
  })
  .meta({ id: 'LastStep', description: 'The newest thing an agent did.' })

const LastExecutedTask = z
  .object({
    name: z.string(),
    description: z.string(),
    agent: z.string(),
    output: z.string().nullable().describe('Null where it is left out for its length.'),
    kickoff_id: RunId,
    meta: Meta,
  })
  .meta({ id: 'LastExecutedTask', description: 'The newest finished task.' })

const HumanInputRequest = z
  .object({
    task_id: z.string().meta({ format: 'uuid', description: 'What `/resume` is given.' }),
    kind: QuestionKind,
    task_name: z.string().describe('`/resume` takes this, too.'),
    agent: z.string(),
    task_output: z.string().describe('The answer to be judged.'),
    digest: Digest,
    requested_at: Instant,
  })
  .meta({ id: 'HumanInputRequest', description: 'What a person is asked.' })

/**
 * One body for every client, every key always there: the three statuses of AMP's document, the flat object of its
 * live server, and what we add. A strict client reads `result` null on failure, so the tasks that a failed or
 * unfinished execution did finish are in the `tasks` beside it.
 */
export const ExecutionStatus = z
  .object({
    kickoff_id: RunId,
    execution_id: RunId,
    crew_version: CrewVersion,
    state: State,
    status: Status,
    stopped: z.boolean().describe('It was stopped on request, which counts as an error above.'),
    simulated: z.boolean().describe('The answers are made up by the built-in simulated model.'),
    result: z
      .union([ResultObject, z.string()])
      .nullable()
      .describe('Null until completed. With `?result=string` the text of `output` alone.'),
    result_json: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('The result, when it is a JSON object.'),
    tasks: z
      .array(TaskResult)
      .describe(
        'The tasks finished so far, also of a failed execution. Their outputs are left out where `result` has them, and while the execution goes on and they have more than 64 kB in all (`?include=tasks` brings them).',
      ),
    error: z.string().nullable().describe('Why it failed or that it was stopped.'),
    error_message: z.string().nullable().describe('The same.'),
    current_task: z.string().nullable().describe('Name of the task that goes on or waits.'),
    retry_at: Instant.nullable().describe(
      'While the execution is running: when it goes on, because a model could not be had. Null: it goes on now.',
    ),
    retry_reason: z.string().nullable().describe('Why it waits until then.'),
    pending_human_input: HumanInputRequest.nullable(),
    progress: ProgressBody,
    execution_time: z
      .number()
      .nullable()
      .describe('Seconds since it started, without waits for a person. Null before it starts.'),
    usage_metrics: UsageMetrics,
    token_usage: TokenUsage,
    last_step: LastStep.nullable(),
    last_executed_task: LastExecutedTask.nullable(),
    execution_origin: z.literal('api'),
    triggered_by: z.object({ type: z.literal('unknown'), id: z.null() }),
    source: z.literal('application'),
    meta: Meta,
  })
  .meta({ id: 'ExecutionStatus', description: 'How far an execution is, and what it came to.' })
export type ExecutionStatus = z.output<typeof ExecutionStatus>

/** What of a status is looked up. */
export function toReportOptions({ include }: z.output<typeof StatusQuery>) {
  return { withOutputs: include === 'tasks' }
}

export interface StatusOptions {
  readonly resultFormat: ResultFormat
  /** ms since the epoch. */
  readonly now: number
  /** For reports that refer to long outputs. */
  readonly refer?: Refer
}

export function fromReport(report: RunReport, options: StatusOptions): ExecutionStatus {
  const { run, current, question } = report
  const execution_time = executionTimeOf(run, options.now)
  return {
    kickoff_id: run.id,
    execution_id: run.id,
    crew_version: run.version,
    state: stateOf(report),
    status: statusOf(run.status),
    stopped: run.status === 'stopped',
    simulated: run.simulated || run.progress.simulated,
    ...fromOutput(report, options),
    error: run.error,
    error_message: run.error,
    current_task: current?.task ?? null,
    retry_at: toIsoOrNull(run.retryAt),
    retry_reason: run.retryAt === null ? null : (run.progress.postponed[0]?.error ?? null),
    pending_human_input: question && fromQuestion(question),
    progress: fromProgress(report, execution_time),
    execution_time,
    ...fromUsage(run.progress.usage),
    last_step: fromLastStep(report.lastStep),
    last_executed_task: fromLastTask(report, options),
    execution_origin: 'api',
    triggered_by: { type: 'unknown', id: null },
    source: 'application',
    meta: run.meta,
  }
}

/** Each output once: in the object form those of the tasks are in the result, else beside it. */
function fromOutput({ output, tasks }: RunReport, { resultFormat, refer }: StatusOptions) {
  const results = tasks.map((task) => fromTask(task, refer))
  if (output === null) return { result: null, result_json: null, tasks: results }
  const result_json = parseObject(output)
  if (resultFormat === 'string') return { result: output, result_json, tasks: results }
  const withoutOutputs = results.map((task) => ({ ...task, output: null }))
  return { result: { output, tasks: results }, result_json, tasks: withoutOutputs }
}
function fromQuestion(question: ShownQuestion): z.output<typeof HumanInputRequest> {
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

function fromProgress(
  { run, totalTasks: total, current }: RunReport,
  duration_seconds: number | null,
): z.output<typeof ProgressBody> {
  const { completed } = run.progress
  return {
    completed_tasks: completed,
    total_tasks: total,
    unit: 'task',
    completed,
    total,
    remaining: total - completed,
    current: current?.task ?? null,
    current_agent: current?.agent ?? null,
    started_at: toIsoOrNull(run.startedAt),
    updated_at: toIso(run.updatedAt),
    duration_seconds,
  }
}

function fromLastStep(step: ShownStep | null): z.output<typeof LastStep> | null {
  if (step === null) return null
  return {
    step_type: step.type,
    task_id: step.task,
    agent: step.agent,
    thought: step.thought,
    tool: step.tool,
    tool_input: step.toolInput,
    result: step.result,
    timestamp: toIso(step.at),
  }
}

function fromLastTask(
  { run, lastTask }: RunReport,
  { refer }: StatusOptions,
): z.output<typeof LastExecutedTask> | null {
  if (lastTask === null) return null
  const { name, description, agent } = lastTask
  const output = fromText(lastTask.output, refer)
  return { name, description, agent, output, kickoff_id: run.id, meta: run.meta }
}
