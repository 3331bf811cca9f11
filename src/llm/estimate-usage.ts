import type { ModelReply, ModelRequest, Usage } from './model.ts'

/** The usual rule of thumb for English text. */
const CHARACTERS_PER_TOKEN = 4

/** Token counts of a made-up answer: a function of the lengths of request and answer alone. */
export function estimateUsage(
  request: ModelRequest,
  reply: Pick<ModelReply, 'content' | 'toolCalls'>,
): Usage {
  const promptTokens = tokensOf([request.messages, request.tools, request.responseSchema])
  const completionTokens = tokensOf([reply.content, reply.toolCalls])
  return {
    totalTokens: promptTokens + completionTokens,
    promptTokens,
    cachedPromptTokens: 0,
    completionTokens,
    reasoningTokens: 0,
    successfulRequests: 1,
  }
}

function tokensOf(parts: readonly unknown[]): number {
  const characters = parts.reduce<number>((sum, part) => sum + lengthOf(part), 0)
  return Math.ceil(characters / CHARACTERS_PER_TOKEN)
}

function lengthOf(part: unknown): number {
  if (part === null || part === undefined) return 0
  return typeof part === 'string' ? part.length : JSON.stringify(part).length
}
