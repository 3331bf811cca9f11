import type { Message, ModelRequest, ToolSpec } from './model.ts'

/** OpenAI's rule for function names; the other providers take the same. */
const TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/
const ROLES: readonly string[] = ['system', 'user', 'assistant', 'tool']

/**
 * What is wrong with a request, or null. The rules are OpenAI's, the strictest of the providers: it refuses a tool
 * message without its call, and a call that the next messages do not answer.
 */
export function requestProblem(request: ModelRequest): string | null {
  if (request.idempotencyKey === '') return 'the idempotencyKey is empty; it must name the step'
  if (request.messages.length === 0) return 'it has no messages; there must be at least one'
  return conversationProblem(request.messages) ?? toolsProblem(request.tools ?? [])
}

function conversationProblem(messages: readonly Message[]): string | null {
  const open = new Set<string>()
  for (const [index, message] of messages.entries()) {
    const problem = messageProblem(message, open)
    if (problem !== null) return `message ${index + 1} of ${messages.length}: ${problem}`
  }
  return open.size === 0 ? null : `no tool message answers the call ${[...open].join(', ')}`
}

/** @param open ids of the tool calls that wait for their tool message; changed by this message */
function messageProblem(message: Message, open: Set<string>): string | null {
  if (!ROLES.includes(message.role))
    return `the role ${message.role} is unknown; roles are ${ROLES.join(', ')}`
  if (message.role === 'tool') {
    if (open.delete(message.toolCallId)) return null
    return `the tool message answers ${message.toolCallId}, which is not an unanswered call of the assistant message before it`
  }
  if (open.size > 0)
    return `a ${message.role} message stands where a tool message for ${[...open].join(', ')} must`
  return message.role === 'assistant' ? callsProblem(message, open) : null
}

function callsProblem(
  message: Extract<Message, { role: 'assistant' }>,
  open: Set<string>,
): string | null {
  const calls = message.toolCalls ?? []
  if (message.content === null && calls.length === 0)
    return 'an assistant message must have content or tool calls'
  for (const call of calls) {
    if (open.has(call.id)) return `two tool calls have the id ${call.id}`
    open.add(call.id)
  }
  return null
}

function toolsProblem(tools: readonly ToolSpec[]): string | null {
  const names = tools.map((tool) => tool.name)
  const bad = names.find((name) => !TOOL_NAME.test(name))
  if (bad !== undefined) return `the tool name "${bad}" does not match ${TOOL_NAME.source}`
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  return twice === undefined ? null : `two tools are named ${twice}`
}
