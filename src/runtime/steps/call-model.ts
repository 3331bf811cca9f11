import type { CrewEventOf } from '../../crew/events.ts'
import { type Fact, Postponed, passInterruption, type StepContext } from '../../crew/host.ts'
import { MAX_OUTPUT_CHARACTERS } from '../../crew/output.ts'
import { messageOf } from '../../errors.ts'
import {
  type Message,
  ModelError,
  type ModelReply,
  type ModelRequest,
  ModelUnavailable,
} from '../../llm/model.ts'
import { capText } from '../../tools/cap-text.ts'
import type { AgentExecution } from './agent-execution.ts'

/** A reply, and the key of the step that it is the result of. */
export interface ModelAnswer extends ModelReply {
  readonly step: string
}

/** Of all messages of a call; no model takes as much. What goes wrong beyond it goes wrong in the provider's words. */
const MAX_PROMPT_CHARACTERS = 16_000_000

/**
 * The n-th model call (from 1) of an agent, or its `final` one, as a step. A failure is recorded like a reply: executed
 * again, the run must take the same way.
 *
 * @throws ModelError when the model does not answer
 */
export async function callModel(
  execution: AgentExecution,
  n: number | 'final',
  conversation: Pick<ModelRequest, 'messages' | 'tools'>,
): Promise<ModelAnswer> {
  const { host, task, agent, retryHorizonMs } = execution
  const key = `${execution.key}/llm/${n}`
  const model = host.model(agent.llm)
  const about = { task, agent: agent.key, model: model.name }
  const toRequest = ({ retries, failing }: StepContext): ModelRequest => ({
    ...conversation,
    parameters: agent.llm.parameters,
    // Another one when a person had it done again: a gateway would repeat the answer that was of no use.
    idempotencyKey: `${host.runId}/${key}${retries > 0 ? `/retry/${retries}` : ''}`,
    ...(failing !== null && { failing }),
    ...(retryHorizonMs !== null && { retryHorizonMs }),
  })
  let cause: unknown
  type Outcome = CrewEventOf<'llm_call_completed' | 'llm_call_failed'>
  const effect = async (context: StepContext): Promise<Fact<Outcome>> => {
    const startedAt = performance.now()
    try {
      refuseOversize(conversation.messages)
      const reply = await model.complete(toRequest(context), context.signal)
      refuseOversizeCalls(reply)
      const { toolCalls, finishReason, usage } = reply
      const durationMs = Math.round(performance.now() - startedAt)
      const { simulated } = model
      const data = { ...about, simulated, toolCalls, finishReason, usage, durationMs }
      const output =
        reply.content === null ? null : capText(reply.content.trim(), MAX_OUTPUT_CHARACTERS)
      return { event: { type: 'llm_call_completed', data }, output }
    } catch (error) {
      passInterruption(error, context.signal)
      if (error instanceof ModelUnavailable) throw postponed(error, { ...about, step: key })
      cause = error
      return {
        event: { type: 'llm_call_failed', data: { ...about, error: messageOf(error) } },
        output: null,
      }
    }
  }

  const started = { type: 'llm_call_started', data: about } as const
  const { event, output } = await host.step({ key, started, effect })
  if (event.type === 'llm_call_failed') throw new ModelError(event.data.error, { cause })
  const { toolCalls, finishReason, usage } = event.data
  execution.countUsage(usage)
  return { content: output, toolCalls, finishReason, usage, step: key }
}

function postponed(
  { message, retryAt, failing }: ModelUnavailable,
  about: Pick<Postponed['event']['data'], 'task' | 'agent' | 'model' | 'step'>,
): Postponed {
  const data = { ...about, error: message, ...failing, retryAt }
  return new Postponed({ type: 'llm_call_postponed', data })
}

function refuseOversize(messages: readonly Message[]): void {
  const characters = messages.reduce((sum, { content }) => sum + (content?.length ?? 0), 0)
  if (characters > MAX_PROMPT_CHARACTERS)
    throw new ModelError(
      `The prompt has ${characters} characters, and a prompt may have ${MAX_PROMPT_CHARACTERS}.`,
    )
}

function refuseOversizeCalls({ toolCalls }: ModelReply): void {
  const characters = toolCalls.reduce((sum, call) => sum + call.arguments.length, 0)
  if (characters > MAX_OUTPUT_CHARACTERS)
    throw new ModelError(
      `The model called tools with ${characters} characters of arguments, and they may have ${MAX_OUTPUT_CHARACTERS}.`,
    )
}
