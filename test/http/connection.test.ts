import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { ErrorBody } from '../../src/wire/error.ts'
import { openApp } from '../harness/app.ts'
import { makeReport, makeRun } from '../harness/samples.ts'

async function openSocket(app: FastifyInstance): Promise<Socket> {
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

test.each([
  ['is no HTTP', 'hello\r\n\r\n', 400, 'bad_request'],
  [
    'has too large headers',
    `GET / HTTP/1.1\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
    'headers_too_large',
  ],
])(
  'a connection whose request %s gets an error of our shape and is closed',
  async (_, request, status, code) => {
    await using app = await openApp()
    const socket = await openSocket(app)
    socket.write(request)
    const response = await text(socket)
    expect(response).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    const body = ErrorBody.strict().parse(JSON.parse(response.split('\r\n\r\n')[1] ?? ''))
    expect(body.code).toBe(code)
  },
)

test.each([
  ['twice', 'Host: localhost\r\nHost: evil.example'],
  ['twice, in another spelling', 'host: localhost\r\nHOST: localhost'],
])('a request that names its host %s is refused', async (_, hosts) => {
  await using app = await openApp({ tokens: ['t'] })
  const socket = await openSocket(app)
  socket.end(`GET /livez HTTP/1.1\r\n${hosts}\r\n\r\n`)
  const response = await text(socket)
  expect(response).toMatch(/^HTTP\/1.1 400 /)
  const body = ErrorBody.strict().parse(JSON.parse(response.split('\r\n\r\n')[1] ?? ''))
  expect(body).toMatchObject({ code: 'bad_request', message: expect.stringContaining('Host') })
})

test('a client may not send slowly', async () => {
  await using app = await openApp()
  const { requestTimeout, headersTimeout, timeout } = app.server
  expect({ requestTimeout, headersTimeout, timeout }).toEqual({
    requestTimeout: 9_700,
    headersTimeout: 5000,
    timeout: 15_000,
  })
})

test('a request that arrives while the server closes is told to come again', async () => {
  const { promise, resolve } = Promise.withResolvers<ReturnType<typeof makeRun>>()
  const asked = Promise.withResolvers<void>()
  const runs = {
    find: () => {
      asked.resolve()
      return promise
    },
    report: async () => makeReport(),
  }
  const app = await openApp({ runs })
  const socket = await openSocket(app)
  const answers = text(socket)
  socket.write('GET /status/x HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await asked.promise
  const closed = app.close()
  // Node hands over a pipelined request at once, and sends its answer after the first one's.
  socket.write('GET /inputs HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(app.server, 'request')
  resolve(makeRun())
  await closed
  const [first, second] = (await answers).split(/(?=HTTP\/1\.1)/)
  expect(first).toMatch(/^HTTP\/1.1 200 /)
  expect(second).toMatch(/^HTTP\/1.1 503 /)
  expect(second).toMatch(/retry-after: \d+\r\n/i)
  expect(JSON.parse(second?.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 'shutting_down' })
})
