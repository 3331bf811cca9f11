import { OpenAI } from 'openai'
import { type Pool, PoolError, type PoolResponse } from '../net/pool.ts'
import type { wait } from './abort.ts'
import { parseCompletion } from './chat-completion.ts'
import { toBody } from './chat-request.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { describe, describeStatus, isPassingStatus, refusalOf } from './failure.ts'
import type { Limiter } from './limiter.ts'
import type { Model, ModelReply, ModelRequest } from './model.ts'
import type { CallEnd } from './pace.ts'
import { type Attempt, retry } from './retry.ts'
import { type PooledResponse, sdkFetch } from './sdk-fetch.ts'

export interface OpenAiModelOptions {
  readonly endpoint: Endpoint
  readonly pool: Pool
  /** Of the endpoint's key. */
  readonly limiter: Limiter
  /** For how long a call that fails is tried again, in ms from its first failure. */
  readonly retryHorizonMs: number
  /**
   * For one attempt, its body included, in ms, where the endpoint says nothing. Default 300 000. It is not shorter because
   * an answer comes in one piece, which takes a reasoning model or a local one minutes, and every answer that is given up
   * is paid for again.
   */
  readonly timeoutMs?: number
  /** Told of every failure that is followed by another attempt. */
  readonly log?: ModelLog
  /** Waits between attempts, for tests. */
  readonly wait?: typeof wait
  /** In ms since the epoch, for tests. */
  readonly now?: () => number
}

export interface ModelLog {
  warn(data: object, message: string): void
}

const DEFAULT_TIMEOUT_MS = 300_000

/** A model behind OpenAI's Chat Completions API, which most other providers and local servers offer too. */
export function openAiModel(options: OpenAiModelOptions): Model {
  const { endpoint, pool, limiter, now = Date.now } = options
  const { name, model } = endpoint
  const timeoutMs = endpoint.timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS
  const { hostname } = new URL(endpoint.baseUrl)
  const client = createClient(endpoint, pool, timeoutMs)

  async function call(
    body: OpenAI.ChatCompletionCreateParamsNonStreaming,
    idempotencyKey: string,
    signal: AbortSignal,
  ): Promise<Attempt<ModelReply>> {
    const headers = { 'Idempotency-Key': idempotencyKey }
    try {
      const response = await client.chat.completions.create(body, { headers, signal }).asResponse()
      const { answer } = response as PooledResponse
      return isGood(answer) ? read(endpoint, answer) : describeStatus(endpoint, answer, now())
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Error && error.cause instanceof PoolError)) throw error
      return describe(endpoint, error.cause.message, { isPassing: true })
    }
  }

  async function complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const body = toBody(
      request,
      model,
      hostname,
    ) as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming
    const idempotencyKey = toHeader(request.idempotencyKey)

    async function attempt(since: number): Promise<Attempt<ModelReply>> {
      const turn = limiter.enter(since, signal)
      const leave = turn instanceof Promise ? await turn : turn
      if (leave === null) return { ok: 'held', message: heldMessage(endpoint) }
      const result = await call(body, idempotencyKey, signal).catch((error: unknown) => {
        leave('failed')
        throw error
      })
      leave(endOf(result))
      return result
    }

    return retry(attempt, {
      signal,
      failing: request.failing ?? null,
      horizonMs: request.retryHorizonMs ?? options.retryHorizonMs,
      maxRetries: endpoint.maxRetries,
      onWait: (message, count, waitMs) =>
        options.log?.warn({ model: name, attempt: count, waitMs }, message),
      ...(options.wait && { wait: options.wait }),
      now,
    })
  }

  return { name, simulated: false, complete }
}

/** The SDK refuses to be made without a key; servers that want none ignore this one. */
const NO_KEY = 'none'
/** Beyond our own deadline. */
const SDK_MARGIN_MS = 10_000

function createClient(
  { baseUrl, apiKey, headers }: Endpoint,
  pool: Pool,
  timeoutMs: number,
): OpenAI {
  const url = new URL(baseUrl)
  const query = Object.fromEntries(url.searchParams)
  url.search = ''
  return new OpenAI({
    apiKey: apiKey ?? NO_KEY,
    baseURL: url.href,
    defaultQuery: query,
    defaultHeaders: {
      ...(apiKey === null && NO_AUTHORIZATION),
      ...headers,
      // Nobody here would unpack another one.
      'Accept-Encoding': 'identity',
    },
    fetch: sdkFetch(pool, timeoutMs),
    timeout: timeoutMs + SDK_MARGIN_MS,
    maxRetries: 0,
    logLevel: 'off',
    // Set, because the SDK would take them from the environment and send them to any provider.
    organization: null,
    project: null,
    adminAPIKey: null,
  })
}

/** Null takes a header out. */
const NO_AUTHORIZATION = { Authorization: null }

/** A header carries visible ASCII only; the names of tasks, of which keys are made, may hold anything. */
function toHeader(idempotencyKey: string): string {
  return idempotencyKey.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent)
}

function isGood({ status }: PoolResponse): boolean {
  return status >= 200 && status < 300
}

function read(endpoint: Endpoint, { headers, body }: PoolResponse): Attempt<ModelReply> {
  const type = String(headers['content-type']).split(';')[0]?.trim().toLowerCase() ?? ''
  const isJson = type === 'application/json' || type.endsWith('+json')
  const value = isJson && body !== '' ? parseJson(body) : body
  if (value === undefined) return describe(endpoint, 'answered with a body that is not JSON')
  const parsed = parseCompletion(value)
  if ('reply' in parsed) return { ok: true, value: parsed.reply }
  const { problem, status = 200 } = parsed
  return describe(endpoint, refusalOf(endpoint, status) ?? `answered with ${problem}`, {
    isPassing: isPassingStatus(status),
    isThrottled: status === 429,
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function endOf(result: Attempt<ModelReply>): CallEnd {
  if (result.ok === true) return 'answered'
  if (result.ok === 'held' || !result.isThrottled) return 'failed'
  return { throttled: true, retryAfterMs: result.retryAfterMs }
}

function heldMessage({ name, baseUrl }: Endpoint): string {
  return `Model ${name} at ${new URL(baseUrl).host} has asked for fewer calls, and others are before this one.`
}
