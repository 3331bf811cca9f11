import type { CrewEvent } from '../../crew/events.ts'
import { passInterruption } from '../../crew/host.ts'
import { messageOf } from '../../errors.ts'
import { type Model, ModelError, type ModelReply, type ModelRequest } from '../../llm/model.ts'
import type { AgentExecution } from './agent-execution.ts'

/** How a call ended. A failure is recorded like a reply: executed again, the run must take the same way. */
type Outcome =
  | { readonly reply: ModelReply; readonly durationMs: number }
  | { readonly error: string }

/**
 * The n-th model call (from 1) of an agent, or its `final` one, as a step.
 *
 * @throws ModelError when the model does not answer
 */
export async function callModel(
  execution: AgentExecution,
  n: number | 'final',
  conversation: Pick<ModelRequest, 'messages' | 'tools'>,
): Promise<ModelReply> {
  const { host, task, agent } = execution
  const key = `${execution.key}/llm/${n}`
  const model = host.model(agent.llm)
  const about = { task, agent: agent.role, model: model.name }
  const request: ModelRequest = {
    ...conversation,
    parameters: agent.llmParameters,
    idempotencyKey: `${host.runId}/${key}`,
  }
  let cause: unknown
  const complete = async (signal: AbortSignal): Promise<Outcome> => {
    const startedAt = performance.now()
    try {
      const reply = await model.complete(request, signal)
      return { reply, durationMs: Math.round(performance.now() - startedAt) }
    } catch (error) {
      passInterruption(error, signal)
      cause = error
      return { error: messageOf(error) }
    }
  }

  host.emit(`${key}/started`, { type: 'llm_call_started', data: about })
  const outcome = await host.step({
    key,
    effect: complete,
    event: (result) => toEvent(about, model, result),
  })
  if ('error' in outcome) throw new ModelError(outcome.error, { cause })
  execution.countUsage(outcome.reply.usage)
  return outcome.reply
}

type About = Extract<CrewEvent, { type: 'llm_call_started' }>['data']

function toEvent(about: About, { simulated }: Model, outcome: Outcome): CrewEvent {
  if ('error' in outcome)
    return { type: 'llm_call_failed', data: { ...about, error: outcome.error } }
  const { durationMs, reply } = outcome
  const { finishReason, usage } = reply
  const callType = reply.toolCalls.length > 0 ? 'tool_call' : 'llm_call'
  const thought = reply.content ?? ''
  return {
    type: 'llm_call_completed',
    data: { ...about, simulated, callType, thought, finishReason, usage, durationMs },
  }
}
