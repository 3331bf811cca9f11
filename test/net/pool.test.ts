import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createPool, PoolError } from '../../src/net/pool.ts'
import { startReceiver } from '../harness/receiver.ts'

const never = new AbortController().signal

function startPool(options: Partial<Parameters<typeof createPool>[0]> = {}) {
  const pool = createPool({
    maxConnections: 10,
    usesProxy: false,
    maxBodyBytes: 1_000_000,
    ...options,
  })
  return {
    post: (url: string, more: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
      pool.post({
        url: new URL(url),
        headers: { 'x-test': 'yes' },
        body: '{"a":"ü"}',
        timeoutMs: 10_000,
        signal: never,
        ...more,
      }),
    [Symbol.asyncDispose]: () => pool.close(),
  }
}

test('a request is posted as given and its answer comes back', async () => {
  await using receiver = await startReceiver({
    answers: [{ status: 202, headers: { 'x-answer': 'yes' }, body: 'grüße' }],
  })
  await using pool = startPool()

  const response = await pool.post(`${receiver.url}/v1/chat?a=1`)

  expect(response).toMatchObject({ status: 202, headers: { 'x-answer': 'yes' }, body: 'grüße' })
  expect(await receiver.next()).toMatchObject({
    method: 'POST',
    path: '/v1/chat?a=1',
    headers: { 'x-test': 'yes', 'content-length': '10', host: `127.0.0.1:${receiver.port}` },
    body: '{"a":"ü"}',
  })
})

test('requests that follow each other share connections', async () => {
  await using receiver = await startReceiver()
  await using pool = startPool()

  for (let count = 0; count < 20; count += 1) await pool.post(receiver.url)

  // The one of the answer that has just come is not quite free yet when the next request begins.
  expect(receiver.connections.opened).toBeLessThanOrEqual(2)
})

test('requests at the same time have a connection each, up to the most there may be', async () => {
  await using receiver = await startReceiver()
  await using pool = startPool({ maxConnections: 3 })

  await Promise.all(Array.from({ length: 9 }, () => pool.post(receiver.url)))

  expect(receiver.requests).toHaveLength(9)
  expect(receiver.connections.opened).toBe(3)
})

test('a redirect is an answer like any other and is not followed', async () => {
  await using target = await startReceiver()
  await using receiver = await startReceiver({
    answers: [{ status: 307, headers: { location: target.url } }],
  })
  await using pool = startPool()

  expect(await pool.post(receiver.url)).toMatchObject({ status: 307 })
  expect(target.connections.opened).toBe(0)
})

test.each([
  ['hang', 'did not answer within 0.1 seconds'],
  ['stall', 'did not answer within 0.1 seconds'],
  ['close', 'cannot be reached: other side closed'],
  ['cut', 'broke off its answer: other side closed'],
  ['endless', 'answered with more than 1000000 bytes'],
] as const)(
  'a server that comes to a %s fails, and its connection is closed',
  async (answer, message) => {
    await using receiver = await startReceiver({ answers: [answer] })
    await using pool = startPool()
    const timeoutMs = answer === 'endless' ? 10_000 : 100

    await expect(pool.post(receiver.url, { timeoutMs })).rejects.toThrow(new PoolError(message))
    await receiver.until(() => receiver.connections.open === 0)
  },
)

test('a server that is not there is said to be so, with the first of its addresses', async () => {
  const receiver = await startReceiver()
  await receiver[Symbol.asyncDispose]()
  const addresses = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }))
  await using pool = startPool({ lookup: (_host, _options, found) => found(null, addresses) })

  for (const host of ['127.0.0.1', 'models.test'])
    await expect(pool.post(`http://${host}:${receiver.port}`)).rejects.toThrow(
      new PoolError(`cannot be reached: connect ECONNREFUSED 127.0.0.1:${receiver.port}`),
    )
})

test('https to a server that speaks http is an error, and so is a header that cannot be sent', async () => {
  await using receiver = await startReceiver()
  await using pool = startPool()
  const plain = createPool({ maxConnections: 1, usesProxy: false })
  const request = { url: new URL(receiver.url), body: '', timeoutMs: 10_000, signal: never }

  await expect(pool.post(`https://127.0.0.1:${receiver.port}`)).rejects.toThrow(PoolError)
  await expect(plain.post({ ...request, headers: { authorization: 'k\ney' } })).rejects.toThrow(
    /^cannot be reached: (?!.*k\ney)/,
  )
  await plain.close()
})

test('an aborted request rejects at once with the reason, and its connection is closed', async () => {
  await using receiver = await startReceiver({ answers: ['hang', 'stall'] })
  await using pool = startPool()
  for (const count of [1, 2]) {
    const abort = new AbortController()
    const failed = expect(pool.post(receiver.url, { signal: abort.signal })).rejects.toThrow(
      'enough',
    )
    await receiver.until((requests) => requests.length === count)
    abort.abort(new Error('enough'))
    await failed
    await receiver.until(() => receiver.connections.open === 0)
  }
})

test('a request that is aborted before it has a connection is never sent', async () => {
  const release = Promise.withResolvers<void>()
  await using receiver = await startReceiver({ answers: [{ after: release.promise }] })
  await using pool = startPool({ maxConnections: 1 })
  const abort = new AbortController()
  const first = pool.post(`${receiver.url}/first`)
  const waiting = pool.post(`${receiver.url}/waiting`, { signal: abort.signal })
  const late = pool.post(`${receiver.url}/late`, { timeoutMs: 1 })
  const last = pool.post(`${receiver.url}/last`)

  abort.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await expect(late).rejects.toThrow('did not answer within 0.001 seconds')
  release.resolve()

  expect(await Promise.all([first, last])).toMatchObject([{ status: 200 }, { status: 200 }])
  expect(receiver.requests.map(({ path }) => path)).toEqual(['/first', '/last'])
})

test('a signal that is aborted already sends nothing', async () => {
  await using receiver = await startReceiver()
  await using pool = startPool()
  const signal = AbortSignal.abort(new Error('too late'))

  await expect(pool.post(receiver.url, { signal })).rejects.toThrow('too late')
  expect(receiver.connections.opened).toBe(0)
})

test('closing the pool ends what is in flight', async () => {
  await using receiver = await startReceiver({ answers: ['hang'] })
  const pool = createPool({ maxConnections: 1, usesProxy: false })
  const request = { url: new URL(receiver.url), headers: {}, body: '', timeoutMs: 10_000 }
  const failed = expect(pool.post({ ...request, signal: never })).rejects.toThrow(PoolError)
  await receiver.next()

  await pool.close()

  await failed
  await receiver.until(() => receiver.connections.open === 0)
})

test('a proxy of the environment is used only when it is wanted', async () => {
  const asked: unknown[] = []
  const proxy = createServer((_, response) => response.end())
  proxy.on('connect', (request, socket) => {
    asked.push(request.url)
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  process.env['HTTPS_PROXY'] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  try {
    await using direct = startPool()
    await using proxied = startPool({ usesProxy: true })

    await expect(direct.post('https://127.0.0.1:1/')).rejects.toThrow('ECONNREFUSED')
    expect(asked).toEqual([])
    await expect(proxied.post('https://127.0.0.1:1/')).rejects.toThrow(PoolError)
    expect(asked).toEqual(['127.0.0.1:1'])
  } finally {
    delete process.env['HTTPS_PROXY']
    proxy.close()
  }
})
