/** A JSON Schema object, as models and OpenAPI documents take it. */
export type JsonSchema = Readonly<Record<string, unknown>>

export interface ToolCall {
  /** The model's id of the call; the tool message that answers it repeats it. */
  readonly id: string
  readonly name: string
  /** JSON text exactly as the model wrote it: may be malformed, is never repaired. */
  readonly arguments: string
}

export type Message =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | {
      readonly role: 'assistant'
      readonly content: string | null
      readonly toolCalls?: readonly ToolCall[]
    }
  | { readonly role: 'tool'; readonly toolCallId: string; readonly content: string }

/** A tool as a model is told of it. `name` matches `[a-zA-Z0-9_-]{1,64}`. */
export interface ToolSpec {
  readonly name: string
  readonly description: string
  readonly parameters: JsonSchema
}

/** Parameters of an agent's `llm`; absent ones are left to the provider. */
export interface ModelParameters {
  readonly temperature?: number
  readonly topP?: number
  readonly maxTokens?: number
  readonly seed?: number
  readonly stop?: readonly string[]
  readonly reasoningEffort?: string
  readonly presencePenalty?: number
  readonly frequencyPenalty?: number
  /** By token, from -100 to 100. */
  readonly logitBias?: Readonly<Record<string, number>>
  readonly logprobs?: boolean
  readonly topLogprobs?: number
  /** As OpenAI has it, for requests that have no schema of their own. */
  readonly responseFormat?: Readonly<Record<string, unknown>>
  /** What only the provider knows, as it takes it; what else is said goes before. */
  readonly extraBody?: Readonly<Record<string, unknown>>
}

export interface ModelRequest {
  readonly messages: readonly Message[]
  readonly tools?: readonly ToolSpec[]
  /** The answer must be a JSON text of this schema. */
  readonly responseSchema?: { readonly name: string; readonly schema: JsonSchema }
  readonly parameters?: ModelParameters
  /**
   * The same for every attempt at the same step of the same run, also after a restart. Sent as
   * `Idempotency-Key`, so that a gateway that honours it does not bill a call twice.
   */
  readonly idempotencyKey: string
  /** What the same call came to before, when it ended in {@link ModelUnavailable}; absent: it is new. */
  readonly failing?: Failing
  /** For how long a call that fails is tried again, in ms from its first failure; absent: as the server says. */
  readonly retryHorizonMs?: number
}

/** A call that goes on failing, over all that was waited for it. */
export interface Failing {
  /** Its first failure, in ms since the epoch. */
  readonly since: number
  /** How often it was tried. */
  readonly attempts: number
}

/** Tokens and calls; sums over calls are per task and per run. */
export interface Usage {
  readonly totalTokens: number
  readonly promptTokens: number
  readonly cachedPromptTokens: number
  readonly completionTokens: number
  readonly reasoningTokens: number
  readonly successfulRequests: number
}

export const NO_USAGE: Usage = Object.freeze({
  totalTokens: 0,
  promptTokens: 0,
  cachedPromptTokens: 0,
  completionTokens: 0,
  reasoningTokens: 0,
  successfulRequests: 0,
})

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    totalTokens: a.totalTokens + b.totalTokens,
    promptTokens: a.promptTokens + b.promptTokens,
    cachedPromptTokens: a.cachedPromptTokens + b.cachedPromptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    successfulRequests: a.successfulRequests + b.successfulRequests,
  }
}

export interface ModelReply {
  /** Null when the model only called tools. */
  readonly content: string | null
  readonly toolCalls: readonly ToolCall[]
  /** `stop`, `tool_calls`, `length`, `content_filter`, or whatever else the provider says. */
  readonly finishReason: string
  readonly usage: Usage
}

/** One language model. Implementations: OpenAI-compatible, simulated, scripted. */
export interface Model {
  /** `provider/model` as it was asked for, e.g. `openai/gpt-4o-mini`. */
  readonly name: string
  /** True when answers are made up by the built-in simulated model. */
  readonly simulated: boolean
  /**
   * One answer, after as many attempts as the implementation makes.
   *
   * @throws ModelUnavailable when it may be had after a long wait; ModelError when it cannot be had; the signal's reason
   *   when aborted
   */
  complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>
}

/** A model that could not answer. The message is for people, names the model, and never holds a key. */
export class ModelError extends Error {
  override readonly name: string = 'ModelError'
}

/** The message is that of the last failure. The same call is to be made again at `retryAt`, and told that it is `failing`. */
export class ModelUnavailable extends ModelError {
  override readonly name = 'ModelUnavailable'
  /** ms since the epoch. */
  readonly retryAt: number
  readonly failing: Failing

  constructor(
    message: string,
    { retryAt, failing }: Pick<ModelUnavailable, 'retryAt' | 'failing'>,
  ) {
    super(message)
    this.retryAt = retryAt
    this.failing = failing
  }
}
