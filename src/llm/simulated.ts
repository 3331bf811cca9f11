import { createHash } from 'node:crypto'
import { wait } from './abort.ts'
import { estimateUsage } from './estimate-usage.ts'
import { exampleOf } from './example-of.ts'
import type { Message, Model, ModelReply, ModelRequest, ToolCall, ToolSpec } from './model.ts'
import { proseFor, type Subject, subjectOf } from './simulated-answer.ts'

/**
 * The model that answers when none is configured. It is a pure function of the request: prose that names the task, an
 * instance of the schema when one is asked for, and at the start of a task one call of a tool it was offered. Token
 * counts are estimated.
 *
 * @param options.latencyMs of every answer
 */
export function simulatedModel({ latencyMs }: { readonly latencyMs: number }): Model {
  return {
    name: 'coxswain/simulated',
    simulated: true,
    async complete(request, signal) {
      await wait(latencyMs, signal)
      return answer(request)
    },
  }
}

function answer(request: ModelRequest): ModelReply {
  const subject = subjectOf(request.messages)
  const tool = toolToCall(request)
  const toolCalls = tool ? [callOf(tool, subject, request.messages)] : []
  const content = tool ? null : contentFor(request, subject)
  return {
    content,
    toolCalls,
    finishReason: tool ? 'tool_calls' : 'stop',
    usage: estimateUsage(request, { content, toolCalls }),
  }
}

const DELEGATE = 'delegate_work_to_coworker'
const ASK = 'ask_question_to_coworker'

/** Once, before anything else was said. A tool of the agent's own comes before giving the work away. */
function toolToCall({ messages, tools = [] }: ModelRequest): ToolSpec | undefined {
  if (messages.some(({ role }) => role === 'assistant' || role === 'tool')) return undefined
  return (
    tools.find(({ name }) => name !== DELEGATE && name !== ASK) ??
    tools.find(({ name }) => name === DELEGATE)
  )
}

function callOf(tool: ToolSpec, { title }: Subject, messages: readonly Message[]): ToolCall {
  const coworker = /coworkers[^:]*:\s*(?:-\s*)?(.+?)(?:,|\.\s|\.?$)/m.exec(tool.description)?.[1]
  const textFor = (property: string) => (property === 'coworker' && coworker ? coworker : title)
  const id = createHash('sha256').update(JSON.stringify(messages)).digest('hex').slice(0, 16)
  return {
    id: `call_${id}`,
    name: tool.name,
    arguments: JSON.stringify(exampleOf(tool.parameters, textFor)),
  }
}

function contentFor({ messages, responseSchema }: ModelRequest, subject: Subject): string {
  if (responseSchema === undefined) return proseFor(subject, happened(messages))
  const textFor = (property: string) =>
    property ? `Simulated ${property} of: ${subject.title}` : `Simulated: ${subject.title}`
  return JSON.stringify(exampleOf(responseSchema.schema, textFor))
}

/** Feedback is a user message after an answer; the newest tool result is quoted until then. */
function happened(messages: readonly Message[]): Parameters<typeof proseFor>[1] {
  const [before, last] = messages.slice(-2)
  const isFeedback = last?.role === 'user' && before?.role === 'assistant'
  const results = messages.filter(({ role }) => role === 'tool')
  return {
    toolResult: results.at(-1)?.content ?? null,
    feedback: isFeedback ? feedbackIn(last.content) : null,
  }
}

function feedbackIn(message: string): string {
  return /feedback:\s*([\s\S]*?)(?:\n\n|$)/i.exec(message)?.[1] || message
}
