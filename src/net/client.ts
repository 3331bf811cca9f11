import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector, type Dispatcher, request } from 'undici'
import type { Guard } from './guard.ts'
import { createLookup } from './lookup.ts'

/** HTTP to addresses that somebody else named. */
export interface OutboundClient {
  /**
   * Makes one attempt; redirects are not followed. Once the head of the answer is here, its status stands: a body that
   * is too long, too slow or cut off is given as far as it came, and its connection is closed.
   *
   * @throws OutboundError when there is no answer; the signal's reason when aborted
   */
  post(request: OutboundRequest): Promise<OutboundResponse>
  /** Ends what is in flight and closes all connections. */
  close(): Promise<void>
}

interface OutboundRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** For the whole attempt, from the look-up of the name to the end of the body. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

interface OutboundResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** At most 64 kB of it, read as UTF-8. */
  readonly body: string
}

/** There was no answer. The message is for people and names the host: never the path, query or credentials of the URL. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError'
}

const MAX_BODY_BYTES = 64 * 1024
const CONNECT_TIMEOUT_MS = 10_000

/** @param options `lookup`: how names are resolved, default {@link createLookup} */
export function createOutboundClient(options: {
  readonly guard: Guard
  readonly lookup?: LookupFunction
}): OutboundClient {
  const { guard, lookup = createLookup() } = options
  const agent = new Agent({
    connect: guardedConnector(guard, lookup),
    allowH2: false,
    // The attempt's own deadline counts, which is for all of it.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  return {
    post: (outbound) => post(outbound, agent, guard),
    close: () => agent.destroy(),
  }
}

async function post(outbound: OutboundRequest, agent: Agent, guard: Guard) {
  const { url, timeoutMs, signal } = outbound
  const refusal = guard.check(url)
  if (refusal !== null) throw new OutboundError(`The URL ${refusal}.`)
  signal?.throwIfAborted()
  const attempt = new AbortController()
  const end = () => attempt.abort()
  const timer = setTimeout(end, timeoutMs)
  // Not `AbortSignal.any`: a signal that lives as long as the server kept something of each attempt for ever.
  signal?.addEventListener('abort', end, { once: true })
  try {
    const response = await send(outbound, agent, attempt.signal)
    const text = await readStart(response.body)
    signal?.throwIfAborted()
    return { status: response.statusCode, headers: response.headers, body: text }
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof OutboundError) throw error
    const { host } = new URL(url)
    const problem = attempt.signal.aborted
      ? `did not answer within ${timeoutMs / 1000} s`
      : problemOf(error)
    throw new OutboundError(`${host} ${problem}.`, { cause: error })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
  }
}

/** Undici minds the signal of a request only once it has a connection for it, which may be never. */
function send(
  { url, headers, body }: OutboundRequest,
  agent: Agent,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    const options = { dispatcher: agent, method: 'POST', headers, body, signal } as const
    request(url, options).then(resolve, reject)
  })
}

async function readStart(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  try {
    // Leaving the loop early destroys the body and with it the connection.
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      sizeBytes += chunk.length
      if (sizeBytes >= MAX_BODY_BYTES) break
    }
  } catch {
    // Cut off or too slow: the status stands, see `post`.
  }
  return Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString()
}

/**
 * Refuses a connection three times over, because each way is blind to something: undici asks no look-up for a literal
 * address, a name is known only once it is looked up, and what counts in the end is where the socket went.
 */
function guardedConnector(guard: Guard, lookup: LookupFunction): buildConnector.connector {
  const connect = buildConnector({
    allowH2: false,
    timeout: CONNECT_TIMEOUT_MS,
    autoSelectFamily: true,
    lookup: guardedLookup(guard, lookup),
  })
  return (options, callback) => {
    const { hostname } = options
    if (isIP(hostname) !== 0 && !guard.allowsAddress(hostname, hostname))
      return callback(denied(hostname), null)
    connect(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null)
      if (guard.allowsAddress(hostname, socket.remoteAddress ?? '')) return callback(null, socket)
      socket.destroy()
      callback(denied(hostname), null)
    })
  }
}

/** One denied answer denies the name: which of several is taken could otherwise be left to whoever answers. */
function guardedLookup(guard: Guard, lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, answers) => {
      if (error) return callback(error, [])
      // Always a list, see `autoSelectFamily` above; anything else would connect to nothing.
      const addresses = Array.isArray(answers) ? answers : []
      const allowed = addresses.filter(({ address }) => guard.allowsAddress(hostname, address))
      if (allowed.length === 0 || allowed.length < addresses.length)
        return callback(denied(hostname), [])
      callback(null, allowed)
    })
  }
}

function denied(hostname: string): OutboundError {
  return new OutboundError(
    `${hostname} is not a public host (OUTBOUND_ALLOWED_HOSTS can let it through).`,
  )
}

const PROBLEMS: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'has no address'],
  ['EAI_AGAIN', 'could not be looked up'],
  ['ECONNREFUSED', 'refused the connection'],
  ['ECONNRESET', 'closed the connection without an answer'],
  ['UND_ERR_SOCKET', 'closed the connection without an answer'],
  ['UND_ERR_CONNECT_TIMEOUT', 'could not be reached'],
  ['ETIMEDOUT', 'could not be reached'],
  ['EHOSTUNREACH', 'could not be reached'],
  ['ENETUNREACH', 'could not be reached'],
  ['UND_ERR_INVALID_ARG', 'was not asked, because the request is not valid HTTP'],
])

function problemOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code'
  return PROBLEMS.get(code) ?? `could not be talked to (${code})`
}
