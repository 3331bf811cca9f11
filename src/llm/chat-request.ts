// biome-ignore-all lint/style/useNamingConvention: this file is the border where our spelling becomes OpenAI's
import type { Message, ModelParameters, ModelRequest, ToolCall } from './model.ts'

/**
 * OpenAI's reasoning models refuse `max_tokens` (400). Mistral refuses `max_completion_tokens` (422), Ollama and LM
 * Studio ignore it. So it is sent to OpenAI itself and to Azure only.
 */
const TAKES_MAX_COMPLETION_TOKENS = /(^|\.)(openai\.com|azure\.com)$/

/**
 * The body of `POST /chat/completions`.
 *
 * @param model the provider's name of the model
 * @param hostname of the endpoint
 */
export function toBody(request: ModelRequest, model: string, hostname: string) {
  const { extraBody, ...parameters } = request.parameters ?? {}
  return {
    ...extraBody,
    ...toParameters(parameters, hostname),
    model,
    messages: request.messages.map(toMessage),
    ...(request.tools?.length && { tools: request.tools.map(toTool) }),
    ...(request.responseSchema && {
      response_format: { type: 'json_schema' as const, json_schema: request.responseSchema },
    }),
  }
}

function toParameters(parameters: ModelParameters, hostname: string) {
  const { temperature, topP, maxTokens, seed, stop, logprobs } = parameters
  const takesNew = TAKES_MAX_COMPLETION_TOKENS.test(hostname)
  return defined({
    temperature,
    top_p: topP,
    max_tokens: takesNew ? undefined : maxTokens,
    max_completion_tokens: takesNew ? maxTokens : undefined,
    seed,
    stop,
    reasoning_effort: parameters.reasoningEffort,
    presence_penalty: parameters.presencePenalty,
    frequency_penalty: parameters.frequencyPenalty,
    logit_bias: parameters.logitBias,
    logprobs,
    top_logprobs: parameters.topLogprobs,
    response_format: parameters.responseFormat,
  })
}

/** Leaves out what is not set: some providers refuse a null, and all a parameter they do not know. */
function defined<T extends object>(values: T) {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [Key in keyof T]?: Exclude<T[Key], undefined> }
}

function toMessage(message: Message) {
  if (message.role === 'tool')
    return { role: message.role, tool_call_id: message.toolCallId, content: message.content }
  if (message.role !== 'assistant') return { role: message.role, content: message.content }
  const { role, content, toolCalls } = message
  return { role, content, ...(toolCalls?.length && { tool_calls: toolCalls.map(toToolCall) }) }
}

function toToolCall({ id, name, arguments: args }: ToolCall) {
  return { id, type: 'function' as const, function: { name, arguments: args } }
}

function toTool({ name, description, parameters }: NonNullable<ModelRequest['tools']>[number]) {
  return { type: 'function' as const, function: { name, description, parameters } }
}
