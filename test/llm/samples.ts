import type { Message, ModelRequest, ToolSpec } from '../../src/llm/model.ts'

export const never: AbortSignal = new AbortController().signal

export const search: ToolSpec = {
  name: 'search',
  description: 'Searches the web',
  parameters: {
    type: 'object',
    properties: { query: { type: 'string' } },
    required: ['query'],
  },
}

export function ask(text: string, more: Partial<ModelRequest> = {}): ModelRequest {
  return {
    messages: [{ role: 'user', content: text }],
    idempotencyKey: `run-1/${text}`,
    ...more,
  }
}

/** A conversation in which a tool was called and has answered. */
export const conversation: readonly Message[] = [
  { role: 'system', content: 'You are helpful.' },
  { role: 'user', content: 'What is new?' },
  {
    role: 'assistant',
    content: null,
    toolCalls: [{ id: 'call_1', name: 'search', arguments: '{"query": "news"}' }],
  },
  { role: 'tool', toolCallId: 'call_1', content: 'Nothing' },
]
