import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import { afterEach, expect, test, vi } from 'vitest'
import { openApp } from '../harness/app.ts'
import { makeReport } from '../harness/samples.ts'

const ERROR = 'x'.repeat(10_000_000)
/** A status says it twice. */
const LENGTH = 20_000_000

afterEach(() => {
  vi.useRealTimers()
})

async function openBigApp(): Promise<FastifyInstance> {
  const report = makeReport({ status: 'failed', error: ERROR })
  const runs = { find: async () => report.run, report: async () => report }
  const app = await openApp({ runs })
  await app.listen({ port: 0, host: '127.0.0.1' })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  return app
}

async function ask(app: FastifyInstance): Promise<Socket> {
  const { port } = app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  socket.write('GET /status/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  await once(socket, 'readable')
  return socket
}

test('a reader that does not take its answer is dropped, the later the longer that is', async () => {
  await using app = await openBigApp()
  const connected = once(app.server, 'connection')
  const socket = await ask(app)
  const [serverSide] = (await connected) as [Socket]
  vi.advanceTimersByTime(LENGTH / 1_048 - 100)
  expect(serverSide.destroyed).toBe(false)
  vi.advanceTimersByTime(200)

  expect(serverSide.destroyed).toBe(true)
  socket.destroy()
})

test('a reader that takes its answer gets all of it, and leaves no timer behind', async () => {
  await using app = await openBigApp()
  const answer = await buffer(await ask(app))

  expect(answer.length).toBeGreaterThan(LENGTH)
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(0))
})
