import { z } from 'zod'
import type { TaskOutput } from '../crew/output.ts'
import { type Progress, waitedMsAt } from '../runs/progress.ts'
import type { Run } from '../runs/run.ts'
import type { RunReport } from '../runs/runs.ts'
import {
  fromTask,
  fromUsage,
  Instant,
  Meta,
  RunId,
  TaskResult,
  TokenUsage,
  toIso,
  toIsoOrNull,
  toSeconds,
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
    thought: z.string(),
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
    output: z.string(),
    kickoff_id: RunId,
    meta: Meta,
  })
  .meta({ id: 'LastExecutedTask', description: 'The newest finished task.' })

const HumanInputRequest = z
  .object({
    task_id: z.string().meta({ format: 'uuid', description: 'What `/resume` is given.' }),
    task_name: z.string().describe('`/resume` takes this, too.'),
    agent: z.string(),
    task_output: z.string().describe('The answer to be judged.'),
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
    tasks: z.array(TaskResult).describe('The tasks finished so far, also of a failed execution.'),
    error: z.string().nullable().describe('Why it failed or that it was stopped.'),
    error_message: z.string().nullable().describe('The same.'),
    current_task: z.string().nullable().describe('Name of the task that goes on or waits.'),
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

export interface StatusOptions {
  readonly resultFormat: ResultFormat
  /** ms since the epoch. */
  readonly now: number
}

export function fromReport(report: RunReport, options: StatusOptions): ExecutionStatus {
  const { run, progress } = report
  const execution_time = executionTimeOf(report, options.now)
  return {
    kickoff_id: run.id,
    execution_id: run.id,
    state: stateOf(report),
    status: statusOf(run.status),
    stopped: run.status === 'stopped',
    simulated: run.simulated || progress.simulated,
    ...fromOutput(run.output, progress.tasks, options.resultFormat),
    tasks: progress.tasks.map(fromTask),
    error: run.error,
    error_message: run.error,
    current_task: progress.current?.task ?? null,
    pending_human_input: fromWaiting(progress.waiting),
    progress: fromProgress(report, execution_time),
    execution_time,
    ...fromUsage(progress.usage),
    last_step: fromLastStep(progress.lastStep),
    last_executed_task: fromLastTask(run, progress.tasks.at(-1)),
    execution_origin: 'api',
    triggered_by: { type: 'unknown', id: null },
    source: 'application',
    meta: run.meta,
  }
}

function executionTimeOf({ run, progress }: RunReport, now: number): number | null {
  if (run.startedAt === null) return null
  const until = run.endedAt ?? now
  return toSeconds(Math.max(0, until - run.startedAt - waitedMsAt(progress, until)))
}

function fromOutput(output: string | null, tasks: readonly TaskOutput[], format: ResultFormat) {
  if (output === null) return { result: null, result_json: null }
  const result = format === 'string' ? output : { output, tasks: tasks.map(fromTask) }
  return { result, result_json: parseObject(output) }
}

function fromWaiting(waiting: Progress['waiting']): z.output<typeof HumanInputRequest> | null {
  if (waiting === null) return null
  return {
    task_id: waiting.requestId,
    task_name: waiting.task,
    agent: waiting.agent,
    task_output: waiting.output,
    requested_at: toIso(waiting.requestedAt),
  }
}

function fromProgress(
  { run, progress }: RunReport,
  duration_seconds: number | null,
): z.output<typeof ProgressBody> {
  const completed = progress.tasks.length
  const total = progress.taskNames.length
  return {
    completed_tasks: completed,
    total_tasks: total,
    unit: 'task',
    completed,
    total,
    remaining: total - completed,
    current: progress.current?.task ?? null,
    current_agent: progress.current?.agent ?? null,
    started_at: toIsoOrNull(run.startedAt),
    updated_at: toIso(run.updatedAt),
    duration_seconds,
  }
}

function fromLastStep(step: Progress['lastStep']): z.output<typeof LastStep> | null {
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
  run: Run,
  task: TaskOutput | undefined,
): z.output<typeof LastExecutedTask> | null {
  if (task === undefined) return null
  return {
    name: task.name,
    description: task.description,
    agent: task.agent,
    output: task.raw,
    kickoff_id: run.id,
    meta: run.meta,
  }
}
