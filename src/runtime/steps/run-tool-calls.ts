import PQueue from 'p-queue'
import type { ToolCall } from '../../llm/model.ts'
import type { ToolResult } from '../../tools/tool.ts'
import { sanitizeToolName } from '../../tools/tool-name.ts'
import { alreadyAnswered } from '../prompts.ts'
import type { AgentExecution } from './agent-execution.ts'
import type { ModelAnswer } from './call-model.ts'
import { type PlannedCall, runToolCall } from './run-tool-call.ts'

/** Source: CrewAI's executor. */
const MAX_PARALLEL_CALLS = 8

/** How often each call, with its arguments, has failed. */
export type Failures = Map<string, number>

interface ToolCallResults {
  /** One for each call, in the same order. */
  readonly results: readonly ToolResult[]
  /** Of a tool whose result is the task's answer; null: no such tool was called, or it failed. */
  readonly answer: ToolAnswer | null
}

interface ToolAnswer {
  readonly text: string
  /** Key of the call. */
  readonly step: string
}

/**
 * Makes the tool calls of an agent's n-th reply: side by side, unless one of them can answer the task. Whatever goes
 * wrong becomes a text for the model.
 *
 * @param failures of this conversation so far; new ones are added
 */
export async function runToolCalls(
  execution: AgentExecution,
  reply: ModelAnswer,
  n: number,
  failures: Failures,
): Promise<ToolCallResults> {
  const planned = reply.toolCalls.map(
    (call, index): PlannedCall => ({
      call,
      ref: { step: reply.step, index },
      tool: execution.tools.get(sanitizeToolName(call.name)),
      key: `${execution.key}/tool/${n}.${index + 1}`,
      earlierFailures: failures.get(identity(call)) ?? 0,
    }),
  )
  const run = (call: PlannedCall) => runToolCall(execution, call)
  const done = planned.some(({ tool }) => tool?.resultAsAnswer)
    ? await oneByOne(planned, run)
    : { results: await sideBySide(planned, run), answer: null }
  for (const [index, { call }] of planned.entries())
    if (done.results[index]?.failed)
      failures.set(identity(call), (failures.get(identity(call)) ?? 0) + 1)
  return done
}

function identity({ name, arguments: args }: ToolCall): string {
  return `${name} ${args}`
}

type Run = (planned: PlannedCall) => Promise<ToolResult>

/** Leaves, also with an error, only when nothing is under way any more: a run that is given up must be silent. */
async function sideBySide(
  planned: readonly PlannedCall[],
  run: Run,
): Promise<readonly ToolResult[]> {
  const queue = new PQueue({ concurrency: MAX_PARALLEL_CALLS })
  const calls = planned.map((call) => queue.add(() => run(call)))
  await Promise.allSettled(calls)
  return Promise.all(calls)
}

async function oneByOne(planned: readonly PlannedCall[], run: Run): Promise<ToolCallResults> {
  const results: ToolResult[] = []
  let answer: ToolAnswer | null = null
  for (const call of planned) {
    if (answer !== null) {
      results.push({ text: alreadyAnswered(), failed: false })
      continue
    }
    const result = await run(call)
    results.push(result)
    if (call.tool?.resultAsAnswer && !result.failed)
      answer = { text: result.text, step: result.outputStep ?? call.key }
  }
  return { results, answer }
}
