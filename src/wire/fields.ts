import { z } from 'zod'
import type { Usage } from '../llm/model.ts'
import { waitedMsAt } from '../runs/progress.ts'
import type { Run } from '../runs/run.ts'
import type { FinishedTask } from '../runs/runs.ts'

/** The parts that several bodies share. Instants are ISO 8601 in UTC, durations seconds. */

export const EXAMPLE_RUN_ID = '3f2b8c1e-6a4d-4e0b-9c57-1d8e2f7a9b40'

export const RunId = z.string().meta({
  description: 'Identifies the execution.',
  format: 'uuid',
  examples: [EXAMPLE_RUN_ID],
})

export const Instant = z.string().meta({ format: 'date-time' })

export const Meta = z
  .record(z.string(), z.unknown())
  .describe("The caller's own object from the kickoff, unchanged.")

export const CrewVersion = z
  .string()
  .describe("Hash of the crew's definition, as it was when the execution was started.")

export const QuestionKind = z
  .enum(['review', 'tool_outcome'])
  .describe(
    '`review`: an answer is to be judged. `tool_outcome`: nobody knows whether a tool call did its work; approve to have it made again, reject to have the agent told that it failed.',
  )

export const Digest = z
  .string()
  .describe('Of what a person is shown. `/resume` refuses an answer that brings another.')

export const TaskResult = z
  .object({
    task_id: z.string().describe('Name of the task.'),
    name: z.string().describe('The same.'),
    output: z
      .string()
      .nullable()
      .describe('What the agent answered. Null where it is left out for its length.'),
    agent: z.string().describe('Role of the agent.'),
    execution_time: z.number().describe('Seconds from start to end, without waits for a person.'),
  })
  .meta({
    id: 'TaskResult',
    description: 'A finished task.',
  })

export const UsageMetrics = z
  .object({
    total_tokens: z.number(),
    prompt_tokens: z.number(),
    cached_prompt_tokens: z.number().describe('Of the prompt tokens, those read from a cache.'),
    completion_tokens: z.number(),
    reasoning_tokens: z.number().describe('Of the completion tokens, those spent on reasoning.'),
    successful_requests: z.number().describe('Model calls that were answered.'),
  })
  .meta({ id: 'UsageMetrics', description: 'What the model calls so far used.' })

export const TokenUsage = UsageMetrics.pick({
  total_tokens: true,
  prompt_tokens: true,
  completion_tokens: true,
}).meta({ id: 'TokenUsage', description: 'The three figures that AMP sends.' })

/** What stands for a text that is read only when the body is sent. */
export type Refer = (step: string) => string

/** @param refer for bodies that may have outputs which are not read yet */
export function fromTask(task: FinishedTask, refer?: Refer): z.output<typeof TaskResult> {
  return {
    task_id: task.name,
    name: task.name,
    output: fromText(task.output, refer),
    agent: task.agent,
    execution_time: toSeconds(task.executionTimeMs),
  }
}

export function fromUsage(usage: Usage) {
  const token_usage: z.output<typeof TokenUsage> = {
    total_tokens: usage.totalTokens,
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
  }
  const usage_metrics: z.output<typeof UsageMetrics> = {
    ...token_usage,
    cached_prompt_tokens: usage.cachedPromptTokens,
    reasoning_tokens: usage.reasoningTokens,
    successful_requests: usage.successfulRequests,
  }
  return { usage_metrics, token_usage }
}

/** @param at ms since the epoch */
export function toIso(at: number): string {
  return new Date(at).toISOString()
}

export function toIsoOrNull(at: number | null): string | null {
  return at === null ? null : toIso(at)
}

function toSeconds(ms: number): number {
  return ms / 1000
}

/** Seconds from the start to the end, or until now, without waits for a person; null before the start. */
export function executionTimeOf(run: Run, now: number): number | null {
  if (run.startedAt === null) return null
  // The clock may have been put back.
  const until = run.endedAt ?? Math.max(now, run.updatedAt)
  return toSeconds(Math.max(0, until - run.startedAt - waitedMsAt(run.progress, until)))
}

export function fromText(text: FinishedTask['output'], refer?: Refer): string | null {
  if (text === null || typeof text === 'string') return text
  if (refer === undefined) throw new Error('A text that is not read cannot be sent here.')
  return refer(text.outputStep)
}
