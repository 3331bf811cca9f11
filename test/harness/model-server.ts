import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { type ChatRequest, type CheckedRequest, checkRequest } from './model-request.ts'

/** A request that was understood. */
export interface ModelCall extends CheckedRequest {
  /** What stands before `/v1/chat/completions`: several clients can be told apart by their base URLs. */
  readonly prefix: string
  readonly authorization: string | undefined
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** What stands after the path: `?api-version=preview`. */
  readonly search: string
  /** From 1, in order of arrival. */
  readonly number: number
}

/**
 * `hang`: never an answer. `close`: the connection is cut instead. `stall`: the head and the start of an answer, then
 * silence. `cut`: the same, then the connection is cut.
 */
export type ModelAnswer =
  | {
      /** The message of the completion; default: a text that is a function of the messages. */
      readonly message?: Readonly<Record<string, unknown>>
      readonly finishReason?: string
      /** Answers once this is fulfilled. */
      readonly after?: Promise<unknown>
    }
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      /** As it is; an object is sent as JSON. */
      readonly body?: unknown
    }
  | 'hang'
  | 'close'
  | 'stall'
  | 'cut'

/** What the ledger remembers of a request. */
interface LedgerEntry {
  /** `process.hrtime.bigint()` of the server's process. */
  readonly arrivedAtNs: string
  readonly idempotencyKey: string | null
  /** Of the messages; null: the request was malformed. */
  readonly hash: string | null
  /** `aborted`: the client left, or the connection was cut, before the whole answer was sent. */
  readonly outcome: 'answered' | 'aborted'
  /** Null when aborted. */
  readonly status: number | null
}

export interface ModelServerOptions {
  /** One for each well-formed request in turn, then completions; or what makes one of the request. */
  readonly answers?: readonly ModelAnswer[] | ((call: ModelCall) => ModelAnswer)
  /** Of every completion, in ms. Default 0. */
  readonly latencyMs?: number
  /** False: neither calls nor a ledger are kept, for loads that go on and on. Default true. */
  readonly remembers?: boolean
  /** Default: a free one. */
  readonly port?: number
}

/**
 * An OpenAI-compatible server on 127.0.0.1. It answers a malformed request with 400 and says what is wrong. The answer to
 * a well-formed one is a pure function of its messages, so that a run with faults must end like one without.
 */
export interface ModelServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/v1`. */
  readonly baseUrl: string
  readonly port: number
  /** Well-formed requests, in order of arrival. */
  readonly calls: readonly ModelCall[]
  /** In the order in which they were over. */
  readonly ledger: readonly LedgerEntry[]
  /** Resolves when the predicate holds; it is asked at every call and every ledger entry. */
  until(predicate: (server: ModelServer) => boolean): Promise<void>
}

export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const { answers = [], latencyMs = 0, remembers = true, port = 0 } = options
  const calls: ModelCall[] = []
  const ledger: LedgerEntry[] = []
  const changes = new EventEmitter()
  let arrived = 0

  function keep<T>(list: T[], item: T): void {
    if (remembers) list.push(item)
  }

  function answerTo(call: ModelCall): ModelAnswer {
    return (typeof answers === 'function' ? answers(call) : answers[call.number - 1]) ?? {}
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrivedAtNs = String(process.hrtime.bigint())
    const left = new AbortController()
    const idempotencyKey = request.headers['idempotency-key']?.toString()
    const checked = checkRequest(await text(request), idempotencyKey)
    response.on('close', () => {
      left.abort()
      const whole = response.writableFinished
      const entry: LedgerEntry = {
        arrivedAtNs,
        idempotencyKey: idempotencyKey ?? null,
        hash: typeof checked === 'string' ? null : checked.hash,
        outcome: whole ? 'answered' : 'aborted',
        status: whole ? response.statusCode : null,
      }
      keep(ledger, entry)
      changes.emit('change')
    })
    const { pathname, search } = new URL(request.url ?? '', 'http://localhost')
    const prefix = /^(.*)\/v1\/chat\/completions$/.exec(pathname)?.[1]
    if (request.method !== 'POST' || prefix === undefined)
      return sendJson(response, 404, errorBody(`there is no ${request.method} ${request.url}`))
    if (typeof checked === 'string') return sendJson(response, 400, errorBody(checked))
    arrived += 1
    const call = {
      ...checked,
      prefix,
      authorization: request.headers.authorization,
      headers: request.headers,
      search,
      number: arrived,
    }
    keep(calls, call)
    changes.emit('change')
    await respond(response, call, answerTo(call), { latencyMs, left: left.signal })
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      // Not 500: a mistake in a test's `answers` must show, and not be tried again.
      if (!response.closed) sendJson(response, 400, errorBody(`the test server failed: ${error}`))
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const { port: listeningPort } = server.address() as AddressInfo
  const modelServer: ModelServer = {
    baseUrl: `http://127.0.0.1:${listeningPort}/v1`,
    port: listeningPort,
    calls,
    ledger,
    async until(predicate) {
      while (!predicate(modelServer)) await once(changes, 'change')
    },
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return modelServer
}

interface Pace {
  readonly latencyMs: number
  /** Aborted when the client is gone. */
  readonly left: AbortSignal
}

async function respond(
  response: ServerResponse,
  call: ModelCall,
  answer: ModelAnswer,
  { latencyMs, left }: Pace,
): Promise<void> {
  if (answer === 'hang') return
  if (answer === 'close') {
    response.destroy()
    return
  }
  if (answer === 'stall' || answer === 'cut') {
    const whole = JSON.stringify(completion(call, {}))
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write(whole.slice(0, whole.length / 2), () => {
      if (answer === 'cut') response.destroy()
    })
    return
  }
  if ('status' in answer) {
    const { status, headers = {}, body = errorBody(`fault ${status}`) } = answer
    if (typeof body !== 'string') return sendJson(response, status, body, headers)
    response.writeHead(status, headers).end(body)
    return
  }
  await answer.after
  if (latencyMs > 0) await setTimeout(latencyMs, undefined, { signal: left })
  sendJson(response, 200, completion(call, answer))
}

type Completed = Extract<ModelAnswer, { message?: unknown }>

function completion({ body, hash }: ModelCall, { message, finishReason }: Completed) {
  const promptTokens = tokensOf(body)
  const content = `Answer ${hash.slice(0, 16)} to message ${body.messages.length}`
  return {
    id: `chatcmpl-${hash.slice(0, 16)}`,
    object: 'chat.completion',
    created: 1_700_000_000,
    model: body.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null, ...message },
        finish_reason: finishReason ?? (message && 'tool_calls' in message ? 'tool_calls' : 'stop'),
      },
    ],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: 10,
      total_tokens: promptTokens + 10,
      prompt_tokens_details: { cached_tokens: 1 },
      completion_tokens_details: { reasoning_tokens: 2 },
    },
  }
}

function tokensOf({ messages }: ChatRequest): number {
  return Math.ceil(JSON.stringify(messages).length / 4)
}

function errorBody(message: string) {
  return { error: { message, type: 'invalid_request_error', param: null, code: null } }
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}
