import type { LookupAddress } from 'node:dns'
import { getEventListeners } from 'node:events'
import type { LookupFunction } from 'node:net'
import { expect, test } from 'vitest'
import { createOutboundClient, OutboundError } from '../../src/net/client.ts'
import { createGuard, type Guard } from '../../src/net/guard.ts'
import { type Receiver, startReceiver } from '../harness/receiver.ts'

/** Resolves every name to these addresses, another list at every look-up. */
function lookupOf(...answers: readonly string[][]): LookupFunction {
  let asked = 0
  return (_hostname, _options, callback) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? []
    const found: LookupAddress[] = addresses.map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }))
    setImmediate(() => callback(null, found))
  }
}

function startClient({ guard = createGuard(['127.0.0.1']), lookup = lookupOf([]) } = {}) {
  const client = createOutboundClient({ guard, lookup })
  return {
    post: (
      url: string,
      more: { timeoutMs?: number; signal?: AbortSignal; headers?: Record<string, string> } = {},
    ) => client.post({ url, headers: {}, body: '{"a":1}', timeoutMs: 10_000, ...more }),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

async function closedPort(): Promise<number> {
  await using receiver = await startReceiver()
  return receiver.port
}

function at(receiver: Receiver, hostname: string): string {
  return `http://${hostname}:${receiver.port}/`
}

test('a request is posted as given and its answer comes back', async () => {
  await using receiver = await startReceiver({
    answers: [{ status: 202, headers: { 'x-answer': 'yes' }, body: 'grüße' }],
  })
  await using client = startClient()
  const response = await client.post(`${receiver.url}/hook?a=1`, { headers: { 'x-test': 'yes' } })
  expect(response).toMatchObject({ status: 202, headers: { 'x-answer': 'yes' }, body: 'grüße' })
  expect(await receiver.next()).toMatchObject({
    method: 'POST',
    path: '/hook?a=1',
    headers: { 'x-test': 'yes', host: `127.0.0.1:${receiver.port}` },
    body: '{"a":1}',
  })
})

test('a redirect is an answer like any other and is not followed', async () => {
  await using target = await startReceiver()
  await using receiver = await startReceiver({
    answers: [{ status: 302, headers: { location: target.url } }],
  })
  await using client = startClient()
  expect(await client.post(receiver.url)).toMatchObject({ status: 302 })
  expect(target.connections.opened).toBe(0)
})

test('a denied URL is refused before any connection', async () => {
  await using receiver = await startReceiver()
  await using client = startClient({ guard: createGuard([]) })
  await expect(client.post(receiver.url)).rejects.toThrow(
    'The URL must name a public host, and 127.0.0.1 is not one',
  )
  expect(receiver.connections.opened).toBe(0)
})

test('a literal address is checked although no look-up is asked for it', async () => {
  await using receiver = await startReceiver()
  const guard: Guard = { check: () => null, allowsAddress: () => false }
  await using client = startClient({ guard })
  await expect(client.post(receiver.url)).rejects.toThrow('127.0.0.1 is not a public host')
  expect(receiver.connections.opened).toBe(0)
})

test('a name that resolves to this machine is not connected to', async () => {
  await using receiver = await startReceiver()
  await using client = startClient({ guard: createGuard([]), lookup: lookupOf(['127.0.0.1']) })
  await expect(client.post(at(receiver, 'hooks.test'))).rejects.toThrow(
    'hooks.test is not a public host',
  )
  expect(receiver.connections.opened).toBe(0)
})

test.each([
  [['127.0.0.1', '10.0.0.1']],
  [['10.0.0.1', '127.0.0.1']],
  [['127.0.0.1', '::1']],
  [['127.0.0.1', '::ffff:169.254.169.254']],
  [['127.0.0.1', '64:ff9b::a9fe:a9fe']],
  [[]],
])('a name that resolves to %j is denied when only 127.0.0.1 is allowed', async (addresses) => {
  await using receiver = await startReceiver()
  await using client = startClient({ lookup: lookupOf(addresses) })
  await expect(client.post(at(receiver, 'hooks.test'))).rejects.toThrow(
    'hooks.test is not a public host',
  )
  expect(receiver.connections.opened).toBe(0)
})

test('a name that resolves to something else the second time is denied then', async () => {
  await using receiver = await startReceiver({
    answers: () => ({ headers: { connection: 'close' } }),
  })
  await using client = startClient({ lookup: lookupOf(['127.0.0.1'], ['127.0.0.2']) })
  expect(await client.post(at(receiver, 'hooks.test'))).toMatchObject({ status: 200 })
  await expect(client.post(at(receiver, 'hooks.test'))).rejects.toThrow(OutboundError)
  expect(receiver.requests).toHaveLength(1)
})

test('a socket that ended up at a denied address is sent nothing', async () => {
  await using receiver = await startReceiver()
  const asked: string[] = []
  const guard: Guard = {
    check: () => null,
    allowsAddress: (_hostname, address) => asked.push(address) === 1,
  }
  await using client = startClient({ guard, lookup: lookupOf(['127.0.0.1']) })
  await expect(client.post(at(receiver, 'hooks.test'))).rejects.toThrow('is not a public host')
  expect(asked).toEqual(['127.0.0.1', '127.0.0.1'])
  await receiver.until(() => receiver.connections.opened === 1 && receiver.connections.open === 0)
  expect(receiver.requests).toEqual([])
})

test('a host that is allowed by name is connected to wherever it is', async () => {
  await using receiver = await startReceiver()
  const guard = createGuard(['hooks.test'])
  await using client = startClient({ guard, lookup: lookupOf(['127.0.0.1']) })
  expect(await client.post(at(receiver, 'hooks.test'))).toMatchObject({ status: 200 })
})

test('a denied host is answered alike whether its port is open or closed', async () => {
  await using receiver = await startReceiver()
  await using client = startClient({ guard: createGuard([]), lookup: lookupOf(['127.0.0.1']) })
  const messageAt = (port: number) =>
    client.post(`http://hooks.test:${port}/`).catch((error) => error.message)
  expect(await messageAt(receiver.port)).toBe(await messageAt(await closedPort()))
})

test('a name is looked up by the system when nothing else is said', async () => {
  await using receiver = await startReceiver()
  const guard: Guard = { ...createGuard([]), check: () => null }
  const client = createOutboundClient({ guard })
  const outbound = { url: at(receiver, 'localhost'), headers: {}, body: '', timeoutMs: 10_000 }
  await expect(client.post(outbound)).rejects.toThrow('localhost is not a public host')
  expect(receiver.connections.opened).toBe(0)
  await client.close()
})

test('errors name the host and nothing else of the URL', async () => {
  await using client = startClient()
  const port = await closedPort()
  const failed = client.post(`http://127.0.0.1:${port}/secret-path?token=s3cret#part`)
  await expect(failed).rejects.toThrow(
    new OutboundError(`127.0.0.1:${port} refused the connection.`),
  )
})

test('a receiver that never answers is given up in time', async () => {
  await using receiver = await startReceiver({ answers: ['hang'] })
  await using client = startClient()
  await expect(client.post(receiver.url, { timeoutMs: 100 })).rejects.toThrow(
    `127.0.0.1:${receiver.port} did not answer within 0.1 s.`,
  )
  await receiver.until(() => receiver.connections.open === 0)
})

test('a name that is never looked up is given up in time', async () => {
  await using client = startClient({ lookup: () => {} })
  await expect(client.post('http://hooks.test/', { timeoutMs: 100 })).rejects.toThrow(
    'hooks.test did not answer within 0.1 s.',
  )
})

test('a body without end is cut at 64 kB and its connection closed', async () => {
  await using receiver = await startReceiver({ answers: ['endless'] })
  await using client = startClient()
  const { status, body } = await client.post(receiver.url)
  expect(status).toBe(200)
  expect(body).toHaveLength(64 * 1024)
  await receiver.until(() => receiver.connections.open === 0)
})

test.each(['stall', 'cut'] as const)(
  'the status stands when the body comes to a %s',
  async (answer) => {
    await using receiver = await startReceiver({ answers: [answer] })
    await using client = startClient()
    const response = await client.post(receiver.url, { timeoutMs: 200 })
    expect(response).toMatchObject({ status: 200, body: 'the start' })
    await receiver.until(() => receiver.connections.open === 0)
  },
)

test('a receiver that cuts the connection is an error', async () => {
  await using receiver = await startReceiver({ answers: ['close'] })
  await using client = startClient()
  await expect(client.post(receiver.url)).rejects.toThrow(
    `127.0.0.1:${receiver.port} closed the connection without an answer.`,
  )
})

test('a flood of headers is an error', async () => {
  const headers = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`x-${index}`, 'y'.repeat(1000)]),
  )
  await using receiver = await startReceiver({ answers: [{ headers }] })
  await using client = startClient()
  await expect(client.post(receiver.url)).rejects.toThrow('UND_ERR_HEADERS_OVERFLOW')
})

test('https to a server that speaks http is an error', async () => {
  await using receiver = await startReceiver()
  await using client = startClient()
  await expect(client.post(`https://127.0.0.1:${receiver.port}/`)).rejects.toThrow(
    /^127\.0\.0\.1:\d+ could not be talked to \(ERR_SSL/,
  )
})

test('a URL that only the HTTP library refuses is an error like any other', async () => {
  await using client = startClient({ guard: { ...createGuard([]), check: () => null } })
  await expect(client.post('ftp://example.com/')).rejects.toThrow(OutboundError)
})

test('a header that cannot be sent is an error that does not repeat it', async () => {
  await using receiver = await startReceiver()
  await using client = startClient()
  const failed = client.post(receiver.url, { headers: { authorization: 'Bearer s3cret\nx' } })
  await expect(failed).rejects.toThrow(
    /^127\.0\.0\.1:\d+ was not asked, because the request is not valid HTTP\.$/,
  )
})

/** Listeners, and the signals that were made of it. */
function heldBy(signal: AbortSignal): number {
  const own = Object.getOwnPropertySymbols(signal).map((name) => Reflect.get(signal, name))
  const sizes = own.map((value) => Number(value?.size ?? 0))
  return getEventListeners(signal, 'abort').length + sizes.reduce((sum, size) => sum + size, 0)
}

test('a signal that lives on holds nothing of the attempts that are over', async () => {
  await using receiver = await startReceiver()
  await using client = startClient()
  const { signal } = new AbortController()

  for (let attempt = 0; attempt < 20; attempt += 1) await client.post(receiver.url, { signal })

  expect(heldBy(signal)).toBe(0)
})

test('an aborted request rejects with the reason of its signal', async () => {
  await using receiver = await startReceiver({ answers: ['hang'] })
  await using client = startClient()
  const abort = new AbortController()
  const failed = client.post(receiver.url, { signal: abort.signal })
  await receiver.next()
  abort.abort(new Error('enough'))
  await expect(failed).rejects.toThrow('enough')
})

test('closing the client ends what is in flight', async () => {
  await using receiver = await startReceiver({ answers: ['hang'] })
  const client = createOutboundClient({ guard: createGuard(['127.0.0.1']) })
  const outbound = { url: receiver.url, headers: {}, body: '', timeoutMs: 10_000 }
  const failed = expect(client.post(outbound)).rejects.toThrow(OutboundError)
  await receiver.next()
  await client.close()
  await failed
  await receiver.until(() => receiver.connections.open === 0)
})
