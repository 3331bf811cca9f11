import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { Webhook } from 'standardwebhooks'

export interface ReceivedRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Whether `standardwebhooks` accepts its signature with one of the receiver's secrets. */
  readonly isVerified: boolean
}

/**
 * `hang`: never an answer. `close`: the connection is cut instead. `endless`: 200 and a body without end. `stall`: 200,
 * the start of a body, then silence. `cut`: the same, then the connection is cut.
 */
export type Answer =
  | {
      /** Default 200. */
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
      /** Answers once this is fulfilled. */
      readonly after?: Promise<unknown>
    }
  | 'hang'
  | 'close'
  | 'endless'
  | 'stall'
  | 'cut'

export interface ReceiverOptions {
  /** One for each request in turn, then 200; or what makes one of the request. Default: always 200. */
  readonly answers?: readonly Answer[] | ((request: ReceivedRequest, index: number) => Answer)
  /** `whsec_…` that signatures are verified with. */
  readonly secrets?: readonly string[]
  /** False: requests are not kept, for loads that go on and on. Default true. */
  readonly remembers?: boolean
  /** Default: a free one. */
  readonly port?: number
  /** What it listens on; default 127.0.0.1. On 0.0.0.0 each address in 127.0.0.0/8 is an origin of its own. */
  readonly host?: string
}

/** An HTTP server on 127.0.0.1 that webhooks and other outgoing requests can be sent to. */
export interface Receiver extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string
  readonly port: number
  /** In order of arrival. */
  readonly requests: readonly ReceivedRequest[]
  /** Connections opened so far, and open now. */
  readonly connections: { readonly opened: number; readonly open: number }
  /** The oldest request that `next` has not given yet, as soon as there is one. */
  next(): Promise<ReceivedRequest>
  /** Resolves when the predicate holds; it is asked at every request and every opened or closed connection. */
  until(predicate: (requests: readonly ReceivedRequest[]) => boolean): Promise<void>
}

export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const { answers = [], secrets = [], remembers = true, port = 0, host = '127.0.0.1' } = options
  const requests: ReceivedRequest[] = []
  const connections = { opened: 0, open: 0 }
  const changes = new EventEmitter()
  let given = 0
  let arrived = 0

  const server = createServer(async (request, response) => {
    const body = await text(request)
    const { method = '', url: path = '', headers } = request
    const received = { method, path, headers, body, isVerified: verifies(body, headers, secrets) }
    const index = arrived++
    if (remembers) requests.push(received)
    changes.emit('change')
    const answer = typeof answers === 'function' ? answers(received, index) : (answers[index] ?? {})
    await respond(response, answer)
  })
  server.on('connection', (socket) => {
    connections.opened += 1
    connections.open += 1
    changes.emit('change')
    socket.on('close', () => {
      connections.open -= 1
      changes.emit('change')
    })
  })
  server.listen(port, host)
  await once(server, 'listening')

  async function until(predicate: (requests: readonly ReceivedRequest[]) => boolean) {
    while (!predicate(requests)) await once(changes, 'change')
  }

  const { port: listeningPort } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${listeningPort}`,
    port: listeningPort,
    requests,
    connections,
    until,
    async next() {
      const index = given++
      await until(() => requests.length > index)
      return requests[index] as ReceivedRequest
    },
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function verifies(body: string, headers: IncomingHttpHeaders, secrets: readonly string[]): boolean {
  return secrets.some((secret) => {
    try {
      new Webhook(secret).verify(body, headers as Record<string, string>, { jsonParse: false })
      return true
    } catch {
      return false
    }
  })
}

async function respond(response: ServerResponse, answer: Answer): Promise<void> {
  if (answer === 'hang') return
  if (answer === 'close') {
    response.destroy()
    return
  }
  if (answer === 'endless') return await writeEndlessly(response)
  if (answer === 'stall' || answer === 'cut') {
    response.writeHead(200, { 'content-length': '100' })
    response.write('the start', () => answer === 'cut' && response.destroy())
    return
  }
  await answer.after
  response.writeHead(answer.status ?? 200, answer.headers).end(answer.body)
}

async function writeEndlessly(response: ServerResponse): Promise<void> {
  response.writeHead(200)
  // It ends with the connection, which is an error to the pipeline alone.
  await pipeline(Readable.from(endlessBody()), response).catch(() => {})
}

function* endlessBody() {
  const chunk = 'x'.repeat(16 * 1024)
  while (true) yield chunk
}
