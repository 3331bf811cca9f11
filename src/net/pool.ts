import type { LookupFunction } from 'node:net'
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici'

/** HTTP to addresses that the operator named, over connections that are kept. Others' addresses go through `client.ts`. */
export interface Pool {
  /**
   * Makes one attempt. Redirects are not followed: nobody else is sent the headers.
   *
   * @throws PoolError when there is no whole answer; the signal's reason when aborted
   */
  post(request: PoolRequest): Promise<PoolResponse>
  /** Ends what is in flight and closes all connections. */
  close(): Promise<void>
}

interface PoolRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** For the whole attempt, from the connection to the end of the body. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

export interface PoolResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Read as UTF-8. */
  readonly body: string
}

/** There was no whole answer. The message follows the name of who was asked. */
export class PoolError extends Error {
  override readonly name = 'PoolError'
}

interface PoolOptions {
  /** To one origin at the same time; a request beyond waits, and its time runs. */
  readonly maxConnections: number
  /** True: through the proxies that HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment name. */
  readonly usesProxy: boolean
  /** Of one answer; default 64 MiB, far above what a model writes. */
  readonly maxBodyBytes?: number
  /** How names are resolved; default `dns.lookup`. */
  readonly lookup?: LookupFunction
}

const MAX_BODY_BYTES = 64 * 1024 * 1024
const CONNECT_TIMEOUT_MS = 10_000

/**
 * Unused connections are kept for undici's 4 s unless the server names a time: uvicorn (vLLM, LiteLLM) says nothing and
 * closes them after 5 s, and a request on a connection that is just being closed fails.
 */
export function createPool(options: PoolOptions): Pool {
  const { maxConnections, usesProxy, maxBodyBytes = MAX_BODY_BYTES, lookup } = options
  const settings = {
    connections: maxConnections,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: CONNECT_TIMEOUT_MS, autoSelectFamily: true, ...(lookup && { lookup }) },
    // The attempt's own deadline counts, which is for all of it.
    headersTimeout: 0,
    bodyTimeout: 0,
  }
  const agent = usesProxy ? new EnvHttpProxyAgent(settings) : new Agent(settings)
  return {
    post: (request) => post(request, agent, maxBodyBytes),
    close: () => agent.destroy(),
  }
}

/** One level below undici's `request`, whose streams cost as much again as the call. */
async function post(
  { url, headers, body, timeoutMs, signal }: PoolRequest,
  agent: Dispatcher,
  maxBodyBytes: number,
) {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<PoolResponse>()
  const answer = createAnswer(maxBodyBytes)
  let controller: Dispatcher.DispatchController | null = null
  let failure: { readonly reason: Error } | null = null
  // At once, though undici may still be connecting; the request is then taken back when it is about to be sent.
  const fail = (reason: Error) => {
    if (failure !== null) return
    failure = { reason }
    forget()
    reject(reason)
    controller?.abort(reason)
  }
  const forget = watchForEnd(timeoutMs, signal, fail)
  agent.dispatch(
    { origin: url.origin, path: `${url.pathname}${url.search}`, method: 'POST', headers, body },
    {
      onRequestStart(begun) {
        controller = begun
        if (failure !== null) begun.abort(failure.reason)
      },
      onResponseStart: (_, status, received) => answer.begin(status, received),
      onResponseData: (_, chunk) => answer.add(chunk, fail),
      onResponseEnd() {
        forget()
        resolve(answer.whole())
      },
      onResponseError: (_, error) => fail(answer.interruptedBy(error)),
    },
  )
  return promise
}

/** Fails when the time is up or the caller leaves; the function that is returned ends that. */
function watchForEnd(timeoutMs: number, signal: AbortSignal, fail: (reason: Error) => void) {
  const abort = () => fail(signal.reason)
  const timer = setTimeout(
    () => fail(new PoolError(`did not answer within ${timeoutMs / 1000} seconds`)),
    timeoutMs,
  )
  signal.addEventListener('abort', abort, { once: true })
  return () => {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

function createAnswer(maxBodyBytes: number) {
  let head: Omit<PoolResponse, 'body'> | null = null
  const chunks: Buffer[] = []
  let sizeBytes = 0
  return {
    begin(status: number, headers: PoolResponse['headers']) {
      head = { status, headers }
    },
    add(chunk: Buffer, fail: (problem: PoolError) => void) {
      chunks.push(chunk)
      sizeBytes += chunk.length
      if (sizeBytes > maxBodyBytes)
        fail(new PoolError(`answered with more than ${maxBodyBytes} bytes`))
    },
    interruptedBy(cause: Error): PoolError {
      const what = head === null ? 'cannot be reached' : 'broke off its answer'
      return new PoolError(`${what}: ${reasonOf(cause)}`, { cause })
    },
    whole(): PoolResponse {
      if (head === null) throw new Error('an answer without a head')
      return { ...head, body: Buffer.concat(chunks, sizeBytes).toString() }
    },
  }
}

/** Of several addresses that were tried, each has its own error, and the one around them has no text. */
function reasonOf(error: Error): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error)
    return reasonOf(error.errors[0])
  return error.message || ('code' in error ? String(error.code) : error.name)
}
