import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { openAiModel } from '../../src/llm/openai.ts'
import { type ModelAnswer, startModelServer } from '../harness/model-server.ts'
import { connect, failureOf, KEY } from './connect.ts'
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

test('six failures are the end, and every wait was told to the log', async () => {
  const lines: object[] = []
  const log = { warn: (data: object, line: string) => lines.push({ ...data, line }) }

  const { message, calls, host } = await failureOf(Array(9).fill({ status: 500 }), { log })

  expect(calls).toHaveLength(6)
  expect(message).toBe(
    `Model openai/gpt-test at ${host} answered 500 fault 500. Given up after 6 attempts.`,
  )
  expect(lines).toHaveLength(5)
  expect(lines[0]).toEqual({
    model: 'openai/gpt-test',
    attempt: 1,
    of: 6,
    waitMs: expect.any(Number),
    line: `Model openai/gpt-test at ${host} answered 500 fault 500.`,
  })
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

test('a provider that asks to wait is waited for, however long', async () => {
  await using server = await startModelServer({
    answers: [
      { status: 429, headers: { 'retry-after': '7200' } },
      { status: 503, headers: { 'retry-after-ms': '1500' } },
    ],
  })
  const { model, waits } = connect(server.baseUrl)

  await model.complete(ask('Hi'), never)

  expect(waits[0]).toBeGreaterThanOrEqual(7_200_000)
  expect(waits[1]).toBeGreaterThanOrEqual(1500)
  expect(waits[1]).toBeLessThanOrEqual(1651)
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
    `Model openai/gpt-test at 127.0.0.1:${port} cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}. Given up after 6 attempts.`,
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
    answers: [{ status: 429, headers: { 'retry-after': '3600' } }],
  })
  const controller = new AbortController()
  const reason = new Error('The server stops')
  const model = openAiModel({
    name: 'openai/gpt-test',
    model: 'gpt-test',
    apiKey: KEY,
    baseUrl: server.baseUrl,
    log: { warn: () => controller.abort(reason) },
  })

  await expect(model.complete(ask('Hi'), controller.signal)).rejects.toBe(reason)
})

test('a call whose signal is aborted already is not sent', async () => {
  await using server = await startModelServer()
  const { model } = connect(server.baseUrl)
  const reason = new Error('Too late')

  await expect(model.complete(ask('Hi'), AbortSignal.abort(reason))).rejects.toBe(reason)
  expect(server.calls).toEqual([])
})
