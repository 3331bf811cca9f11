import { APIConnectionError, APIConnectionTimeoutError, APIError, OpenAI } from 'openai'
import { messageOf } from '../errors.ts'
import type { wait } from './abort.ts'
import { parseCompletion, toBody } from './chat-completion.ts'
import type { Model, ModelReply, ModelRequest } from './model.ts'
import { type Attempt, askedWaitMs, type Failure, MAX_ATTEMPTS, retry } from './retry.ts'

export interface OpenAiModelOptions {
  /** What the model is called in events and messages, e.g. `groq/llama-3.3-70b-versatile`. */
  readonly name: string
  /** What the provider calls it. */
  readonly model: string
  /** Null: the endpoint wants none. */
  readonly apiKey: string | null
  /** Up to the part before `/chat/completions`, e.g. `https://api.openai.com/v1`. */
  readonly baseUrl: string
  /**
   * For one attempt, its body included, in ms; at most the default. Default 300 000, the longest that Node's fetch
   * waits for the head of an answer. It is not shorter because an answer comes in one piece, which takes a reasoning
   * model or a local one minutes, and every answer that is given up is paid for again.
   */
  readonly timeoutMs?: number
  /** Told of every failure that is followed by another attempt. */
  readonly log?: ModelLog
  /** Waits between attempts, for tests. */
  readonly wait?: typeof wait
}

export interface ModelLog {
  warn(data: object, message: string): void
}

const DEFAULT_TIMEOUT_MS = 300_000

/** The SDK refuses to be made without a key; servers that want none ignore this one. */
const NO_KEY = 'none'

/** A model behind OpenAI's Chat Completions API, which most other providers and local servers offer too. */
export function openAiModel(options: OpenAiModelOptions): Model {
  const { name, model, baseUrl, timeoutMs = DEFAULT_TIMEOUT_MS } = options
  const { host, hostname } = new URL(baseUrl)
  const client = new OpenAI({
    apiKey: options.apiKey ?? NO_KEY,
    baseURL: baseUrl,
    timeout: timeoutMs,
    maxRetries: 0,
    logLevel: 'off',
    // Set, because the SDK would take them from the environment and send them to any provider.
    organization: null,
    project: null,
    adminAPIKey: null,
  })

  function failed(what: string, extra: Partial<Failure> = {}): Attempt<never> {
    const text = clip(redact(what, options.apiKey))
    const message = `Model ${name} at ${host} ${/[.!?]$/.test(text) ? text : `${text}.`}`
    return { ok: false, isPassing: false, retryAfterMs: null, ...extra, message }
  }

  async function attempt(
    body: OpenAI.ChatCompletionCreateParamsNonStreaming,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Attempt<ModelReply>> {
    try {
      const answer: unknown = await client.chat.completions.create(body, { headers, signal })
      const parsed = parseCompletion(answer)
      if ('reply' in parsed) return { ok: true, value: parsed.reply }
      const isPassing = parsed.status !== undefined && isPassingStatus(parsed.status)
      return failed(`answered with ${parsed.problem}`, { isPassing })
    } catch (error) {
      signal.throwIfAborted()
      const { what, ...rest } = describe(error, timeoutMs)
      return failed(what, rest)
    }
  }

  async function complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const body = { ...toBody(request, model, hostname), ...toEffort(request) }
    const headers = { 'Idempotency-Key': toHeader(request.idempotencyKey) }
    return retry(() => attempt(body, headers, signal), {
      signal,
      onWait: ({ message }, count, waitMs) =>
        options.log?.warn({ model: name, attempt: count, of: MAX_ATTEMPTS, waitMs }, message),
      ...(options.wait && { wait: options.wait }),
    })
  }

  return { name, simulated: false, complete }
}

/** Providers have values beside OpenAI's, so any text goes through. */
function toEffort({ parameters }: ModelRequest) {
  const effort = parameters?.reasoningEffort as OpenAI.ReasoningEffort | undefined
  // biome-ignore lint/style/useNamingConvention: OpenAI's spelling
  return effort === undefined ? {} : { reasoning_effort: effort }
}

/** A header carries visible ASCII only; the names of tasks, of which keys are made, may hold anything. */
function toHeader(idempotencyKey: string): string {
  return idempotencyKey.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent)
}

interface Described extends Omit<Failure, 'message'> {
  /** To follow the name of the model. */
  readonly what: string
}

function describe(error: unknown, timeoutMs: number): Described {
  const network = { isPassing: true, retryAfterMs: null }
  if (error instanceof APIConnectionTimeoutError)
    return { ...network, what: `did not answer within ${timeoutMs / 1000} seconds` }
  if (error instanceof APIConnectionError)
    return { ...network, what: `cannot be reached: ${causeOf(error)}` }
  if (error instanceof APIError) return describeStatus(error)
  if (error instanceof SyntaxError)
    return { ...network, isPassing: false, what: 'answered with a body that is not JSON' }
  return { ...network, what: `broke off its answer: ${causeOf(error)}` }
}

function describeStatus({ status, message, headers, code, type }: APIError): Described {
  // OpenAI answers 429 to an account without money as well; waiting does not help there.
  const isBroke = code === 'insufficient_quota' || type === 'insufficient_quota'
  return {
    what: `answered ${message}`,
    isPassing: status !== undefined && isPassingStatus(status) && !isBroke,
    retryAfterMs: headers === undefined ? null : askedWaitMs(headers, Date.now()),
  }
}

/** 408 time-out, 409 conflict with an attempt that still goes on, 429 rate limit, and the provider's own faults. */
function isPassingStatus(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500
}

/** fetch says only "fetch failed"; why is in its cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error) return causeOf(error.cause)
  return messageOf(error) || ('code' in error ? String(error.code) : error.name)
}

const MAX_TEXT = 500

/** Providers' texts can be whole pages of HTML. */
function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT)}…` : line
}

/** Some providers repeat the key that they refuse. */
function redact(text: string, apiKey: string | null): string {
  return apiKey ? text.replaceAll(apiKey, '[key]') : text
}
