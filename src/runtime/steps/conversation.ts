import type { Message, ModelReply, ToolCall } from '../../llm/model.ts'
import { isJsonObject } from '../../tools/parse-arguments.ts'
import type { ToolResult } from '../../tools/tool.ts'
import { sanitizeToolName } from '../../tools/tool-name.ts'

/**
 * A reply that called tools, and what came of it, as the model is shown it again. Providers refuse a conversation with
 * calls of the same id, malformed arguments or an odd tool name, so what is wrong with a call is told by its result
 * alone.
 *
 * @param results one for each call, in the same order
 */
export function toolMessages(
  { content, toolCalls }: ModelReply,
  results: readonly ToolResult[],
): readonly Message[] {
  const calls = withDistinctIds(toolCalls)
  return [
    { role: 'assistant', content, toolCalls: calls.map(presentable) },
    ...calls.map(
      ({ id }, index): Message => ({
        role: 'tool',
        toolCallId: id,
        content: results[index]?.text ?? '',
      }),
    ),
  ]
}

function withDistinctIds(calls: readonly ToolCall[]): readonly ToolCall[] {
  const ids = new Set(calls.map(({ id }) => id))
  if (ids.size === calls.length && !ids.has('')) return calls
  return calls.map((call, index) => ({ ...call, id: `call_${index + 1}` }))
}

function presentable(call: ToolCall): ToolCall {
  return {
    ...call,
    name: sanitizeToolName(call.name) || 'unnamed',
    arguments: isJsonObject(call.arguments) ? call.arguments : '{}',
  }
}
