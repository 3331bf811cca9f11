import type { CrewEvent } from '../crew/events.ts'
import { type Message, ModelError } from '../llm/model.ts'
import { emptyReplyPrompt, finalAnswerPrompt } from './prompts.ts'
import type { AgentExecution } from './steps/agent-execution.ts'
import { callModel } from './steps/call-model.ts'
import { toolMessages } from './steps/conversation.ts'
import { type Failures, runToolCalls } from './steps/run-tool-calls.ts'

/** A model that says nothing this often in a row will not say more when asked again. */
const MAX_EMPTY_REPLIES = 3

interface AgentAnswer {
  readonly text: string
  /** Key of the step whose output the text is. */
  readonly step: string
  /** The whole conversation; it can be gone on with. */
  readonly messages: readonly Message[]
}

/**
 * An agent works until it answers. After `maxIter` model calls, exactly one more makes it answer without tools.
 *
 * @throws ModelError when the model fails, or gives no answer
 */
export async function runAgent(
  execution: AgentExecution,
  opening: readonly Message[],
): Promise<AgentAnswer> {
  const { host, agent, key, task, tools } = execution
  const say = (eventKey: string, event: CrewEvent) => host.emit(eventKey, { event, output: null })
  const about = { task, agent: agent.key }
  say(`${key}/agent/started`, {
    type: 'agent_execution_started',
    data: { ...about, tools: [...tools.keys()] },
  })
  const answer = await converse(execution, opening)
  say(`${key}/agent/completed`, {
    type: 'agent_execution_completed',
    data: { ...about, outputStep: answer.step },
  })
  return answer
}

async function converse(
  execution: AgentExecution,
  opening: readonly Message[],
): Promise<AgentAnswer> {
  const specs = [...execution.tools.values()].map(({ spec }) => spec)
  const offered = specs.length > 0 ? { tools: specs } : {}
  const failures: Failures = new Map()
  let messages = opening
  let emptyReplies = 0
  for (let n = 1; n <= execution.agent.maxIter; n += 1) {
    const reply = await callModel(execution, n, { messages, ...offered })
    if (reply.toolCalls.length > 0) {
      const { results, answer } = await runToolCalls(execution, reply, n, failures)
      messages = [...messages, ...toolMessages(reply, results)]
      if (answer !== null) return { ...answer, messages }
      emptyReplies = 0
      continue
    }
    const text = reply.content?.trim()
    if (text) return answerOf(text, reply.step, messages)
    emptyReplies += 1
    if (emptyReplies === MAX_EMPTY_REPLIES) throw noAnswer(execution, reply.finishReason)
    messages = [...messages, { role: 'user', content: emptyReplyPrompt() }]
  }
  return forceAnswer(execution, messages)
}

/** Its key is its own, so that a call of another `maxIter` is never taken for it. */
async function forceAnswer(
  execution: AgentExecution,
  messages: readonly Message[],
): Promise<AgentAnswer> {
  const asked: readonly Message[] = [...messages, { role: 'user', content: finalAnswerPrompt() }]
  const reply = await callModel(execution, 'final', { messages: asked })
  const text = reply.content?.trim()
  if (!text) throw noAnswer(execution, reply.finishReason)
  return answerOf(text, reply.step, asked)
}

function answerOf(text: string, step: string, messages: readonly Message[]): AgentAnswer {
  return { text, step, messages: [...messages, { role: 'assistant', content: text }] }
}

function noAnswer({ host, agent }: AgentExecution, finishReason: string): ModelError {
  const { name } = host.model(agent.llm)
  return new ModelError(
    `the model ${name} gave ${agent.role} no answer (it ended with "${finishReason}")`,
  )
}
