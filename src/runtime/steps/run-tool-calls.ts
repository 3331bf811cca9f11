import PQueue from 'p-queue'
import type { CrewEvent } from '../../crew/events.ts'
import type { ModelReply, ToolCall } from '../../llm/model.ts'
import type { ToolResult } from '../../tools/call-tool.ts'
import { sanitizeToolName } from '../../tools/tool-name.ts'
import type { AgentTool } from '../../tools/toolbox.ts'
import { alreadyAnswered, failsAgain, notCalled, unknownTool } from '../prompts.ts'
import type { AgentExecution } from './agent-execution.ts'

/** Source: CrewAI's executor. */
const MAX_PARALLEL_CALLS = 8
/** The same call is given this many chances to fail; models have been seen to repeat one for ever. */
const MAX_SAME_FAILURES = 3

/** How often each call, with its arguments, has failed. */
export type Failures = Map<string, number>

interface ToolCallResults {
  /** One for each call, in the same order. */
  readonly results: readonly ToolResult[]
  /** Result of a tool whose result is the task's answer; null: no such tool was called, or it failed. */
  readonly answer: string | null
}

/** A call on its way: its tool, if there is one, and its step key. */
interface Planned {
  readonly call: ToolCall
  readonly tool: AgentTool | undefined
  readonly key: string
  readonly earlierFailures: number
}

/**
 * Makes the tool calls of an agent's n-th reply: side by side, unless one of them can answer the task. Whatever goes
 * wrong becomes a text for the model.
 *
 * @param failures of this conversation so far; new ones are added
 */
export async function runToolCalls(
  execution: AgentExecution,
  reply: ModelReply,
  n: number,
  failures: Failures,
): Promise<ToolCallResults> {
  const planned = reply.toolCalls.map(
    (call, index): Planned => ({
      call,
      tool: execution.tools.get(sanitizeToolName(call.name)),
      key: `${execution.key}/tool/${n}.${index + 1}`,
      earlierFailures: failures.get(identity(call)) ?? 0,
    }),
  )
  const run = (call: Planned) => runToolCall(execution, call, reply.content ?? '')
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

type Run = (planned: Planned) => Promise<ToolResult>

/** Leaves, also with an error, only when nothing is under way any more: a run that is given up must be silent. */
async function sideBySide(planned: readonly Planned[], run: Run): Promise<readonly ToolResult[]> {
  const queue = new PQueue({ concurrency: MAX_PARALLEL_CALLS })
  const calls = planned.map((call) => queue.add(() => run(call)))
  await Promise.allSettled(calls)
  return Promise.all(calls)
}

async function oneByOne(planned: readonly Planned[], run: Run): Promise<ToolCallResults> {
  const results: ToolResult[] = []
  let answer: string | null = null
  for (const call of planned) {
    if (answer !== null) {
      results.push({ text: alreadyAnswered(), failed: false })
      continue
    }
    const result = await run(call)
    results.push(result)
    if (call.tool?.resultAsAnswer && !result.failed) answer = result.text
  }
  return { results, answer }
}

async function runToolCall(
  execution: AgentExecution,
  planned: Planned,
  thought: string,
): Promise<ToolResult> {
  const { host, task, agent, tools } = execution
  const { call, tool, key } = planned
  const about = {
    task,
    agent: agent.role,
    tool: tool?.spec.name ?? call.name,
    arguments: call.arguments,
  }
  const effect = async (signal: AbortSignal) => {
    const startedAt = performance.now()
    const result = await attempt(planned, [...tools.keys()], signal)
    return { ...result, durationMs: Math.round(performance.now() - startedAt) }
  }
  const event = ({ text, failed, durationMs }: Awaited<ReturnType<typeof effect>>): CrewEvent => ({
    type: failed ? 'tool_usage_error' : 'tool_usage_finished',
    data: { ...about, output: text, thought, durationMs },
  })

  host.emit(`${key}/started`, { type: 'tool_usage_started', data: about })
  if (tool?.isStep ?? true) return host.step({ key, effect, event })
  const result = await effect(host.signal)
  host.emit(key, event(result))
  return result
}

async function attempt(
  { call, tool, key, earlierFailures }: Planned,
  known: readonly string[],
  signal: AbortSignal,
): Promise<ToolResult> {
  if (earlierFailures >= MAX_SAME_FAILURES)
    return { text: notCalled(earlierFailures), failed: true }
  const result = tool
    ? await tool.call({ arguments: call.arguments, key, signal })
    : { text: unknownTool(call.name, known), failed: true }
  const isLast = result.failed && earlierFailures + 1 === MAX_SAME_FAILURES
  return isLast ? { ...result, text: `${result.text}\n${failsAgain(MAX_SAME_FAILURES)}` } : result
}
