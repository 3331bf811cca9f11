import type { CallRef, CrewEventOf } from '../../crew/events.ts'
import type { Fact, StepContext } from '../../crew/host.ts'
import { MAX_OUTPUT_CHARACTERS } from '../../crew/output.ts'
import type { ToolCall } from '../../llm/model.ts'
import { capText } from '../../tools/cap-text.ts'
import type { CallContext, ToolResult, UnknownOutcome } from '../../tools/tool.ts'
import type { AgentTool } from '../../tools/toolbox.ts'
import { digestOf } from '../digest.ts'
import {
  failsAgain,
  judgedFailed,
  notCalled,
  outcomeQuestion,
  outcomeUnknown,
  unknownTool,
} from '../prompts.ts'
import type { AgentExecution } from './agent-execution.ts'

/** The same call is given this many chances to fail; models have been seen to repeat one for ever. */
const MAX_SAME_FAILURES = 3

/** A call on its way: its tool, if there is one, and its step key. */
export interface PlannedCall {
  readonly call: ToolCall
  readonly ref: CallRef
  readonly tool: AgentTool | undefined
  readonly key: string
  readonly earlierFailures: number
}

type ToolEvent = CrewEventOf<'tool_usage_finished' | 'tool_usage_error'>
/** With the text also when that stands elsewhere. */
type ToolFact = Fact<ToolEvent> & { readonly text: string }

/**
 * Makes one tool call of an agent. Whatever goes wrong becomes a text for the model. When nobody knows what came of it,
 * and the tool wants a person to decide, it is made again for as long as the person says so.
 */
export async function runToolCall(
  execution: AgentExecution,
  planned: PlannedCall,
): Promise<ToolResult> {
  if (planned.tool?.isStep === false) return runInSteps(execution, planned)
  for (let repeat = 0; ; repeat += 1) {
    const key = repeat === 0 ? planned.key : `${planned.key}/again/${repeat}`
    const { event, output } = await execution.host.step({
      key,
      started: startedOf(execution, planned),
      effect: (context) => attempt(execution, planned, context),
    })
    const failed = event.type === 'tool_usage_error'
    const isOpen = failed && event.data.isUnknown && planned.tool?.onCrash === 'ask'
    if (!isOpen) return { text: output ?? '', failed, outputStep: key }
    const answer = await askPerson(execution, key, output ?? '')
    if (!answer.approved) return { text: judgedFailed(answer.feedback), failed: true }
  }
}

/** A call that is made of steps is done again to the same end. */
async function runInSteps(execution: AgentExecution, planned: PlannedCall): Promise<ToolResult> {
  const { host } = execution
  const { key } = planned
  host.emit(`${key}/started`, { event: startedOf(execution, planned), output: null })
  const { text, ...fact } = await attempt(execution, planned, { ...host, isRepeat: false })
  host.emit(key, fact)
  return { text, failed: fact.event.type === 'tool_usage_error' }
}

function startedOf(execution: AgentExecution, planned: PlannedCall) {
  return { type: 'tool_usage_started', data: aboutOf(execution, planned) } as const
}

function aboutOf({ task, agent }: AgentExecution, { tool, call, ref }: PlannedCall) {
  return { task, agent: agent.key, tool: tool?.spec.name ?? call.name, call: ref }
}

async function attempt(
  execution: AgentExecution,
  planned: PlannedCall,
  context: Pick<StepContext, 'signal' | 'isRepeat'>,
): Promise<ToolFact> {
  const startedAt = performance.now()
  const outcome = await outcomeOf(execution, planned, context)
  const isUnknown = 'unknown' in outcome
  const { text, failed, outputStep = null } = isUnknown ? toResult(planned, outcome) : outcome
  const durationMs = Math.round(performance.now() - startedAt)
  const output = outputStep === null ? capText(text, MAX_OUTPUT_CHARACTERS) : null
  const data = { ...aboutOf(execution, planned), durationMs, outputStep }
  const event: ToolEvent = failed
    ? { type: 'tool_usage_error', data: { ...data, isUnknown } }
    : { type: 'tool_usage_finished', data }
  return { event, output, text }
}

async function outcomeOf(
  execution: AgentExecution,
  { call, tool, key, earlierFailures }: PlannedCall,
  { signal, isRepeat }: Pick<StepContext, 'signal' | 'isRepeat'>,
): Promise<ToolResult | UnknownOutcome> {
  if (earlierFailures >= MAX_SAME_FAILURES)
    return { text: notCalled(earlierFailures), failed: true }
  if (tool === undefined)
    return { text: unknownTool(call.name, [...execution.tools.keys()]), failed: true }
  if (isRepeat && tool.onCrash !== 'retry') return { unknown: 'the server ended during the call' }
  const context = contextOf(execution, key)
  const outcome = await tool.call({ arguments: call.arguments, key, context, signal })
  const isLast = 'failed' in outcome && outcome.failed && earlierFailures + 1 === MAX_SAME_FAILURES
  return isLast
    ? { ...outcome, text: `${outcome.text}\n${failsAgain(MAX_SAME_FAILURES)}` }
    : outcome
}

function contextOf({ host, task }: AgentExecution, key: string): CallContext {
  const { runId, meta } = host
  return { runId, task, idempotencyKey: `${runId}/${key}`, meta, tenant: null, user: null }
}

/** What is said of a call that nobody knows the outcome of: to the person who is asked, or else to the model. */
function toResult({ tool, call }: PlannedCall, { unknown }: UnknownOutcome): ToolResult {
  const text = tool?.onCrash === 'ask' ? outcomeQuestion(call, unknown) : outcomeUnknown(unknown)
  return { text, failed: true }
}

async function askPerson(
  { host, task, agent, countWait }: AgentExecution,
  outputStep: string,
  output: string,
) {
  const answer = await host.ask({
    kind: 'tool_outcome',
    key: `${outputStep}/outcome`,
    task,
    agent: agent.key,
    outputStep,
    output,
    digest: digestOf({ key: outputStep, output }),
  })
  countWait(answer.waitedMs)
  return answer
}
