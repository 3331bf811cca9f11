import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { wait } from '../../src/llm/abort.ts'
import type { Limiter } from '../../src/llm/limiter.ts'
import { ModelUnavailable } from '../../src/llm/model.ts'
import type { CallEnd } from '../../src/llm/pace.ts'
import { type ModelAnswer, startModelServer } from '../harness/model-server.ts'
import { connect, failureOf, HORIZON_MS } from './connect.ts'
import { ask, never } from './samples.ts'

test.each<[string, ModelAnswer]>([
  ['408', { status: 408 }],
  ['409', { status: 409 }],
  ['429', { status: 429 }],
  ['500', { status: 500 }],
  ['503', { status: 503, body: '<html>Bad gateway</html>' }],
  ['529', { status: 529 }],
  ['an error of a busy upstream', { status: 200, body: { error: { message: 'Slow', code: 502 } } }],
  ['a closed connection', 'close'],
  ['a connection cut in the middle of the answer', 'cut'],
])('after %s the same request is sent again, under the same idempotency key', async (_, fault) => {
  await using server = await startModelServer({ answers: [fault, fault] })
  const { model, waits } = connect(server.baseUrl)

  const reply = await model.complete(ask('Hi'), never)

  expect(reply.content).toMatch(/^Answer /)
  expect(waits).toHaveLength(2)
  expect(new Set(server.calls.map((call) => call.hash)).size).toBe(1)
  expect(server.calls.map((call) => call.idempotencyKey)).toEqual(Array(3).fill('run-1/Hi'))
})

test('a call that goes on failing leaves after five attempts, and every wait was told to the log', async () => {
  const lines: object[] = []
  const log = { warn: (data: object, text: string) => lines.push({ ...data, line: text }) }
  const startedAt = Date.now()

  const { error, calls, host } = await failureOf(Array(9).fill({ status: 500 }), { log })

  const line = `Model openai/gpt-test at ${host} answered 500 fault 500.`
  expect(calls).toHaveLength(5)
  expect(error).toMatchObject({ name: 'ModelUnavailable', message: line, failing: { attempts: 5 } })
  const { retryAt, failing } = error as ModelUnavailable
  expect(failing.since).toBeGreaterThanOrEqual(startedAt)
  expect(retryAt - Date.now()).toBeGreaterThan(15_000)
  expect(retryAt - Date.now()).toBeLessThanOrEqual(40_500)
  expect(lines).toHaveLength(4)
  expect(lines[0]).toEqual({
    model: 'openai/gpt-test',
    attempt: 1,
    waitMs: expect.any(Number),
    line,
  })
})

test('a call that comes back makes one attempt, and leaves for longer', async () => {
  await using server = await startModelServer({ answers: [{ status: 503 }, {}] })
  await using connection = connect(server.baseUrl)
  const { model, waits } = connection
  const failing = { since: Date.now() - 60_000, attempts: 6 }

  const again = model.complete(ask('Hi', { failing }), never)
  await expect(again).rejects.toMatchObject({ failing: { since: failing.since, attempts: 7 } })
  const reply = await model.complete(ask('Hi', { failing }), never)

  expect(reply.content).toMatch(/^Answer /)
  expect(server.calls).toHaveLength(2)
  expect(waits).toEqual([])
})

test.each([
  [{ retryHorizonMs: 0 }, {}, 1, 'Given up after 1 attempt.'],
  [{}, { retryHorizonMs: 0 }, 1, 'Given up after 1 attempt.'],
  [
    {},
    { failing: { since: Date.now() - HORIZON_MS, attempts: 41 } },
    1,
    'after 42 attempts in 60 min.',
  ],
])('with %o and a call with %o, %i attempt is the end', async (options, call, attempts, ending) => {
  await using server = await startModelServer({ answers: () => ({ status: 502 }) })
  await using connection = connect(server.baseUrl, options)
  const failed = connection.model.complete(ask('Hi', call), never)

  await expect(failed).rejects.toThrow(ending)
  await expect(failed).rejects.not.toBeInstanceOf(ModelUnavailable)
  expect(server.calls).toHaveLength(attempts)
})

test.each<[string, ModelAnswer]>([
  ['a malformed request', { status: 400 }],
  ['a wrong key', { status: 401 }],
  ['a missing model', { status: 404 }],
  [
    'an empty account',
    { status: 429, body: { error: { message: 'Quota exceeded', code: 'insufficient_quota' } } },
  ],
])('%s is not tried again', async (_, answer) => {
  const { calls, waits } = await failureOf([answer])

  expect(calls).toHaveLength(1)
  expect(waits).toEqual([])
})

test('a provider that asks to wait is waited for: shortly here, for longer elsewhere', async () => {
  await using server = await startModelServer({
    answers: [
      { status: 503, headers: { 'retry-after-ms': '1500' } },
      { status: 503, headers: { 'retry-after': '30' } },
      { status: 429, headers: { 'retry-after': '1800' } },
    ],
  })
  await using connection = connect(server.baseUrl)
  const { model, waits } = connection

  const error = await model.complete(ask('Hi'), never).catch((thrown: unknown) => thrown)

  expect(waits[0]).toBeGreaterThanOrEqual(1500)
  expect(waits[0]).toBeLessThanOrEqual(1651)
  expect(waits[1]).toBeGreaterThanOrEqual(30_000)
  expect(error).toMatchObject({ failing: { attempts: 3 } })
  const { retryAt } = error as ModelUnavailable
  expect(retryAt - Date.now()).toBeGreaterThan(1_790_000)
  expect(retryAt - Date.now()).toBeLessThanOrEqual(1_980_001)
})

test.each<[string, ModelAnswer]>([
  ['never answers', 'hang'],
  ['stops in the middle of the answer', 'stall'],
])('a provider that %s runs into the time-out, and is asked again', async (_, fault) => {
  await using server = await startModelServer({ answers: [fault] })
  const lines: string[] = []
  const log = { warn: (_data: object, message: string) => lines.push(message) }
  const { model } = connect(server.baseUrl, { timeoutMs: 100, log })

  const reply = await model.complete(ask('Hi'), never)

  expect(reply.content).toMatch(/^Answer /)
  expect(lines).toEqual([
    `Model openai/gpt-test at 127.0.0.1:${server.port} did not answer within 0.1 seconds.`,
  ])
})

test('a server that is not there is named, with the reason', async () => {
  const unused = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => unused.once('listening', resolve))
  const { port } = unused.address() as { port: number }
  await new Promise((resolve) => unused.close(resolve))
  const { model } = connect(`http://127.0.0.1:${port}/v1`)

  await expect(model.complete(ask('Hi'), never)).rejects.toThrow(
    `Model openai/gpt-test at 127.0.0.1:${port} cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}.`,
  )
})

test.each<[string, ModelAnswer]>([
  ['before an answer', 'hang'],
  ['in the middle of one', 'stall'],
])('an abort %s ends the call with its reason and the request with it', async (_, fault) => {
  await using server = await startModelServer({ answers: [fault] })
  const { model } = connect(server.baseUrl)
  const controller = new AbortController()
  const reason = new Error('The run was stopped')

  const call = model.complete(ask('Hi'), controller.signal)
  await Promise.all([
    expect(call).rejects.toBe(reason),
    server.until(({ calls }) => calls.length === 1).then(() => controller.abort(reason)),
  ])
  await server.until(({ ledger }) => ledger.length === 1)

  expect(server.calls).toHaveLength(1)
  expect(server.ledger[0]?.outcome).toBe('aborted')
})

test('a wait between attempts is left at once on abort', async () => {
  await using server = await startModelServer({
    answers: [{ status: 429, headers: { 'retry-after': '30' } }],
  })
  const controller = new AbortController()
  const reason = new Error('The server stops')
  const log = { warn: () => controller.abort(reason) }
  await using connection = connect(server.baseUrl, { wait, log })

  await expect(connection.model.complete(ask('Hi'), controller.signal)).rejects.toBe(reason)
})

test('a call whose signal is aborted already is not sent', async () => {
  await using server = await startModelServer()
  const { model } = connect(server.baseUrl)
  const reason = new Error('Too late')

  await expect(model.complete(ask('Hi'), AbortSignal.abort(reason))).rejects.toBe(reason)
  expect(server.calls).toEqual([])
})

test('a call whose turn is too far off is not sent, and says why', async () => {
  await using server = await startModelServer()
  await using connection = connect(server.baseUrl, {
    limiter: { enter: () => Promise.resolve(null) },
  })

  const failed = connection.model.complete(ask('Hi'), never)

  await expect(failed).rejects.toMatchObject({
    name: 'ModelUnavailable',
    message: `Model openai/gpt-test at 127.0.0.1:${server.port} has asked for fewer calls, and others are before this one.`,
    failing: { attempts: 0 },
  })
  expect(server.calls).toEqual([])
})

test.each<[string, ModelAnswer, CallEnd]>([
  ['an answer', {}, 'answered'],
  ['a 429', { status: 429 }, { throttled: true, retryAfterMs: null }],
  [
    'a 503 that names a time',
    { status: 503, headers: { 'retry-after': '7' } },
    { throttled: true, retryAfterMs: 7000 },
  ],
  [
    'a 429 in a body with status 200',
    { status: 200, body: { error: { message: 'Slow down', code: 429 } } },
    { throttled: true, retryAfterMs: null },
  ],
  ['a 500', { status: 500 }, 'failed'],
  [
    'an empty account',
    { status: 429, body: { error: { message: 'Quota', code: 'insufficient_quota' } } },
    'failed',
  ],
  ['a refusal', { status: 401, headers: { 'retry-after': '7' } }, 'failed'],
  ['a closed connection', 'close', 'failed'],
])('the limiter of the key is told of %s', async (_, answer, end) => {
  const ends: CallEnd[] = []
  const limiter: Limiter = { enter: () => (told) => void ends.push(told) }
  await using server = await startModelServer({ answers: [answer] })
  await using connection = connect(server.baseUrl, { limiter, retryHorizonMs: 0 })

  await connection.model.complete(ask('Hi'), never).catch(() => {})

  expect(ends).toEqual([end])
})

test('an aborted call gives its turn back', async () => {
  const ends: CallEnd[] = []
  const limiter: Limiter = { enter: () => (told) => void ends.push(told) }
  await using server = await startModelServer({ answers: ['hang'] })
  await using connection = connect(server.baseUrl, { limiter })
  const controller = new AbortController()
  const reason = new Error('The run was stopped')
  const failed = expect(connection.model.complete(ask('Hi'), controller.signal)).rejects.toBe(
    reason,
  )
  await server.until(({ calls }) => calls.length === 1)

  controller.abort(reason)

  await failed
  expect(ends).toEqual(['failed'])
})
