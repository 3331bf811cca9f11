import PQueue from 'p-queue'
import type { CallRef, CrewEventOf } from '../../crew/events.ts'
import type { Fact, StepContext } from '../../crew/host.ts'
import { MAX_OUTPUT_CHARACTERS } from '../../crew/output.ts'
import type { ToolCall } from '../../llm/model.ts'
import type { ToolResult } from '../../tools/call-tool.ts'
import { capText } from '../../tools/cap-text.ts'
import { sanitizeToolName } from '../../tools/tool-name.ts'
import type { AgentTool } from '../../tools/toolbox.ts'
import { alreadyAnswered, failsAgain, notCalled, unknownTool } from '../prompts.ts'
import type { AgentExecution } from './agent-execution.ts'
import type { ModelAnswer } from './call-model.ts'

/** Source: CrewAI's executor. */
const MAX_PARALLEL_CALLS = 8
/** The same call is given this many chances to fail; models have been seen to repeat one for ever. */
const MAX_SAME_FAILURES = 3

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

/** A call on its way: its tool, if there is one, and its step key. */
interface Planned {
  readonly call: ToolCall
  readonly ref: CallRef
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
  reply: ModelAnswer,
  n: number,
  failures: Failures,
): Promise<ToolCallResults> {
  const planned = reply.toolCalls.map(
    (call, index): Planned => ({
      call,
      ref: { step: reply.step, index },
      tool: execution.tools.get(sanitizeToolName(call.name)),
      key: `${execution.key}/tool/${n}.${index + 1}`,
      earlierFailures: failures.get(identity(call)) ?? 0,
    }),
  )
  const run = (call: Planned) => runToolCall(execution, call)
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
  let answer: ToolAnswer | null = null
  for (const call of planned) {
    if (answer !== null) {
      results.push({ text: alreadyAnswered(), failed: false })
      continue
    }
    const result = await run(call)
    results.push(result)
    if (call.tool?.resultAsAnswer && !result.failed) answer = { text: result.text, step: call.key }
  }
  return { results, answer }
}

async function runToolCall(execution: AgentExecution, planned: Planned): Promise<ToolResult> {
  const { host, task, agent, tools } = execution
  const { call, tool, key } = planned
  const about = { task, agent: agent.key, tool: tool?.spec.name ?? call.name, call: planned.ref }
  const effect = async ({ signal }: Pick<StepContext, 'signal'>): Promise<ToolFact> => {
    const startedAt = performance.now()
    const { text, failed, outputStep = null } = await attempt(planned, [...tools.keys()], signal)
    const durationMs = Math.round(performance.now() - startedAt)
    const type = failed ? 'tool_usage_error' : 'tool_usage_finished'
    const output = outputStep === null ? capText(text, MAX_OUTPUT_CHARACTERS) : null
    return { event: { type, data: { ...about, durationMs, outputStep } }, output, text }
  }

  const started = { type: 'tool_usage_started', data: about } as const
  if (tool?.isStep ?? true) return toResult(await host.step({ key, started, effect }))
  // It is made of steps, so it is done again to the same end.
  host.emit(`${key}/started`, { event: started, output: null })
  const { text, ...fact } = await effect(host)
  host.emit(key, fact)
  return toResult({ ...fact, output: text })
}

type ToolEvent = CrewEventOf<'tool_usage_finished' | 'tool_usage_error'>

/** With the text also when that stands elsewhere. */
interface ToolFact extends Fact<ToolEvent> {
  readonly text: string
}

function toResult({ event, output }: Fact<ToolEvent>): ToolResult {
  return { text: output ?? '', failed: event.type === 'tool_usage_error' }
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
