import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Message, ModelRequest } from '../../src/llm/model.ts'
import { requestProblem } from '../../src/llm/request-problem.ts'

const ToolCall = z.strictObject({
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string().min(1), arguments: z.string() }),
})

const WireMessage = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: z.string() }),
  z.strictObject({ role: z.literal('user'), content: z.string() }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.string().nullable(),
    tool_calls: z.array(ToolCall).min(1).optional(),
  }),
  z.strictObject({ role: z.literal('tool'), tool_call_id: z.string(), content: z.string() }),
])

const Tool = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name: z.string(),
    description: z.string(),
    parameters: z.record(z.string(), z.unknown()),
  }),
})

/** Stricter than any provider: an unknown key is an error too. */
const ChatRequest = z.strictObject({
  model: z.string().min(1),
  messages: z.array(WireMessage),
  tools: z.array(Tool).min(1).optional(),
  response_format: z
    .discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('json_schema'),
        json_schema: z.strictObject({
          name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
          schema: z.record(z.string(), z.unknown()),
        }),
      }),
      z.strictObject({ type: z.enum(['json_object', 'text']) }),
    ])
    .optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  max_tokens: z.int().positive().optional(),
  max_completion_tokens: z.int().positive().optional(),
  seed: z.int().optional(),
  stop: z.array(z.string()).min(1).max(4).optional(),
  reasoning_effort: z.string().optional(),
  presence_penalty: z.number().min(-2).max(2).optional(),
  frequency_penalty: z.number().min(-2).max(2).optional(),
  logit_bias: z.record(z.string(), z.number().min(-100).max(100)).optional(),
  logprobs: z.boolean().optional(),
  top_logprobs: z.int().min(0).max(20).optional(),
  // vLLM's, in place of all that only some providers know.
  top_k: z.int().optional(),
})
export type ChatRequest = z.output<typeof ChatRequest>

export interface CheckedRequest {
  readonly body: ChatRequest
  readonly idempotencyKey: string
  /** SHA-256 of the messages, in hex. */
  readonly hash: string
}

/** The request, or what is wrong with it. */
export function checkRequest(
  text: string,
  idempotencyKey: string | undefined,
): CheckedRequest | string {
  const parsed = ChatRequest.safeParse(parseJson(text))
  if (!parsed.success) return z.prettifyError(parsed.error)
  if (!idempotencyKey) return 'the header Idempotency-Key is missing'
  const { data: body } = parsed
  const problem = requestProblem(toOurs(body, idempotencyKey))
  const hash = createHash('sha256').update(JSON.stringify(body.messages)).digest('hex')
  return problem ?? { body, idempotencyKey, hash }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function toOurs({ messages, tools }: ChatRequest, idempotencyKey: string): ModelRequest {
  return {
    messages: messages.map(toOurMessage),
    ...(tools && { tools: tools.map((tool) => tool.function) }),
    idempotencyKey,
  }
}

function toOurMessage(message: z.output<typeof WireMessage>): Message {
  if (message.role === 'tool')
    return { role: 'tool', toolCallId: message.tool_call_id, content: message.content }
  if (message.role !== 'assistant') return message
  const toolCalls = message.tool_calls?.map(({ id, function: call }) => ({ id, ...call }))
  return { role: 'assistant', content: message.content, ...(toolCalls && { toolCalls }) }
}
