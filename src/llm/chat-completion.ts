// biome-ignore-all lint/style/useNamingConvention: this file is the border where OpenAI's spelling becomes ours
import { z } from 'zod'
import type { ModelReply, ToolCall, Usage } from './model.ts'

const count = z.int().nonnegative().catch(0)

/** Providers leave out what they do not count; that is 0 tokens, not an error. */
const CompletionUsage = z
  .object({
    prompt_tokens: count,
    completion_tokens: count,
    prompt_tokens_details: z.object({ cached_tokens: count }).catch({ cached_tokens: 0 }),
    completion_tokens_details: z.object({ reasoning_tokens: count }).catch({ reasoning_tokens: 0 }),
  })
  .catch({
    prompt_tokens: 0,
    completion_tokens: 0,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
  })

const CompletionToolCall = z.object({
  id: z.string().min(1),
  type: z.literal('function').optional(),
  function: z.object({ name: z.string().min(1), arguments: z.string() }),
})

const Completion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z.array(CompletionToolCall).nullish(),
        }),
      }),
    )
    .min(1),
  usage: CompletionUsage,
})

/** Gateways such as OpenRouter report a provider's failure in a body with status 200. */
const ErrorBody = z.object({
  error: z.object({ message: z.string(), code: z.int().optional().catch(undefined) }),
})

export type ParsedCompletion =
  | { readonly reply: ModelReply }
  /** What is wrong with the answer, to follow "answered with"; and the HTTP status it stands for, if any. */
  | { readonly problem: string; readonly status?: number | undefined }

/** Strict: what a model cannot have meant is a problem, never repaired. */
export function parseCompletion(body: unknown): ParsedCompletion {
  const failed = ErrorBody.safeParse(body)
  if (failed.success) {
    const { message, code } = failed.data.error
    return { problem: `an error: ${message}`, status: code }
  }
  const parsed = Completion.safeParse(body)
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join('.')
    const where = path ? ` (wrong at ${path})` : ''
    return { problem: `something else than a chat completion${where}: ${shapeOf(body)}` }
  }
  return readCompletion(parsed.data)
}

function readCompletion({
  choices: [choice],
  usage,
}: z.output<typeof Completion>): ParsedCompletion {
  if (choice === undefined) return { problem: 'no choices' }
  const { message, finish_reason } = choice
  const toolCalls = (message.tool_calls ?? []).map(toOurToolCall)
  const callsTools = toolCalls.length > 0
  const finishReason = finish_reason ?? (callsTools ? 'tool_calls' : 'stop')
  const problem = callsTools
    ? toolCallsProblem(toolCalls, finishReason)
    : contentProblem(message, finishReason)
  if (problem !== null) return { problem }
  // Beside tool calls, some servers write an empty text where OpenAI writes null.
  const content = (callsTools && message.content === '' ? null : message.content) ?? null
  return { reply: { content, toolCalls, finishReason, usage: toUsage(usage) } }
}

function toOurToolCall({ id, function: call }: z.output<typeof CompletionToolCall>): ToolCall {
  return { id, name: call.name, arguments: call.arguments }
}

/** A call that was cut may still look whole: `{"path": "/"}` of `{"path": "/tmp/x"}`. */
function toolCallsProblem(toolCalls: readonly ToolCall[], finishReason: string): string | null {
  if (finishReason === 'length')
    return 'tool calls that were cut off at the token limit (finish_reason "length"); raise max_tokens'
  const ids = new Set(toolCalls.map((call) => call.id))
  return ids.size === toolCalls.length ? null : 'two tool calls of the same id'
}

type CompletionMessage = z.output<typeof Completion>['choices'][number]['message']

/** An empty text is an answer, though a poor one: the agent may be asked to go on. */
function contentProblem(
  { content, refusal }: CompletionMessage,
  finishReason: string,
): string | null {
  if (typeof content === 'string') return null
  if (refusal) return `a refusal: ${refusal}`
  return `neither text nor tool calls (finish_reason "${finishReason}")`
}

function toUsage(usage: z.output<typeof CompletionUsage>): Usage {
  return {
    totalTokens: usage.prompt_tokens + usage.completion_tokens,
    promptTokens: usage.prompt_tokens,
    cachedPromptTokens: usage.prompt_tokens_details.cached_tokens,
    completionTokens: usage.completion_tokens,
    reasoningTokens: usage.completion_tokens_details.reasoning_tokens,
    successfulRequests: 1,
  }
}

function shapeOf(body: unknown): string {
  if (body === undefined || body === null || body === '') return 'an empty body'
  return typeof body === 'string' ? `the text ${body}` : (JSON.stringify(body) ?? typeof body)
}
