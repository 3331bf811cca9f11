import { PassThrough } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { ErrorBody } from '../../src/wire/error.ts'
import { openApp } from '../harness/app.ts'
import { makeCrew, makeRun } from '../harness/samples.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

test.each([
  ['GET', '/nowhere'],
  ['PUT', '/kickoff'],
  ['DELETE', '/runs/x'],
  ['OPTIONS', '/kickoff'],
] as const)('%s %s does not exist', async (method, url) => {
  await using app = await openApp({ crews: [makeCrew()] })
  const response = await app.inject({ method, url: `${url}?a=secret` })
  expect(response.statusCode).toBe(404)
  expect(response.json()).toMatchObject({
    error: 'Not Found',
    message: `There is no ${method} ${url}. GET /openapi.json lists every operation.`,
    code: 'not_found',
  })
})

test.each([
  ['cut off', '{"inputs":'],
  ['not JSON', 'topic=bees'],
  ['not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
])('a body that is %s is invalid JSON', async (_, payload) => {
  await using app = await openApp({ crews: [makeCrew()] })
  const response = await app.inject({
    method: 'POST',
    url: '/kickoff',
    headers: JSON_TYPE,
    payload,
  })
  expect(response.statusCode).toBe(400)
  expect(response.json()).toMatchObject({
    error: 'Invalid JSON',
    message: expect.stringMatching(/^The request body is not valid JSON: ./),
    code: 'invalid_json',
  })
})

test.each([
  ['application/x-www-form-urlencoded'],
  ['text/plain'],
  ['application/json\ttrailing'],
  ['application/jsonx'],
  ['nonsense'],
])('a body of type %j is refused, saying what to send', async (type) => {
  await using app = await openApp({ crews: [makeCrew()] })
  const headers = { 'content-type': type }
  const response = await app.inject({ method: 'POST', url: '/kickoff', headers, payload: '{}' })
  expect(response.statusCode).toBe(415)
  expect(response.json()).toMatchObject({
    error: 'Unsupported Media Type',
    message: 'Send the body as JSON, with the header `Content-Type: application/json`.',
    code: 'unsupported_media_type',
  })
})

test.each(['gzip', 'br', 'deflate, gzip', 'GZIP'])(
  'a body that is compressed with %s is refused, saying so',
  async (encoding) => {
    await using app = await openApp({ crews: [makeCrew()] })
    const headers = { ...JSON_TYPE, 'content-encoding': encoding }
    const payload = gzipSync('{}')
    const response = await app.inject({ method: 'POST', url: '/kickoff', headers, payload })
    expect(response.statusCode).toBe(415)
    expect(response.headers['accept-encoding']).toBe('identity')
    expect(response.json()).toMatchObject({
      message:
        'Send the body as it is: the encoding of the header `Content-Encoding` is not read here.',
      code: 'unsupported_encoding',
    })
  },
)

test('a body that says it is not compressed is taken', async () => {
  const kickoff = async () => makeRun()
  await using app = await openApp({ crews: [makeCrew()], runs: { kickoff } })
  const headers = { ...JSON_TYPE, 'content-encoding': 'identity' }
  const response = await app.inject({ method: 'POST', url: '/kickoff', headers, payload: '{}' })
  expect(response.statusCode).toBe(200)
})

test('a body without a type is refused, too', async () => {
  await using app = await openApp({ crews: [makeCrew()] })
  const payload = Buffer.from('{}')
  const response = await app.inject({ method: 'POST', url: '/kickoff', payload })
  expect(response.statusCode).toBe(415)
})

test('a body above MAX_BODY_BYTES is refused', async () => {
  await using app = await openApp({ crews: [makeCrew()] })
  const payload = JSON.stringify({ meta: { a: 'x'.repeat(1024 * 1024) } })
  const response = await app.inject({
    method: 'POST',
    url: '/kickoff',
    headers: JSON_TYPE,
    payload,
  })
  expect(response.statusCode).toBe(413)
  expect(response.json()).toMatchObject({
    message: 'The request body is larger than 1048576 bytes.',
    code: 'payload_too_large',
  })
})

test('a path that cannot be decoded is refused', async () => {
  await using app = await openApp()
  const response = await app.inject('/status/%zz')
  expect(response.statusCode).toBe(400)
  expect(response.json()).toMatchObject({ error: 'Bad Request', code: 'bad_request' })
})

test('an id of more than 255 characters is refused', async () => {
  await using app = await openApp()
  const response = await app.inject(`/status/${'x'.repeat(256)}`)
  expect(response.statusCode).toBe(414)
  expect(response.json()).toMatchObject({ error: 'URI Too Long', code: 'uri_too_long' })
})

test('a field of the wrong type is named', async () => {
  await using app = await openApp({ crews: [makeCrew()] })
  const payload = { meta: 'x', taskWebhookUrl: 'http://localhost/' }
  const response = await app.inject({ method: 'POST', url: '/kickoff', payload })
  expect(response.statusCode).toBe(422)
  expect(response.json()).toMatchObject({
    error: 'Validation Error',
    detail: expect.stringMatching(/^meta: /),
    code: 'validation_failed',
    details: { fields: [{ field: 'meta', message: expect.any(String) }] },
  })
})

test('a webhook URL that the guard refuses is named', async () => {
  await using app = await openApp({ crews: [makeCrew()] })
  const payload = { taskWebhookUrl: 'http://[::1]/' }
  const response = await app.inject({ method: 'POST', url: '/kickoff', payload })
  expect(response.statusCode).toBe(422)
  expect(response.json().details.fields).toMatchObject([{ field: 'taskWebhookUrl' }])
})

test.each([
  ['/status/x?result=xml', 'result'],
  ['/runs?limit=0', 'limit'],
  ['/runs?status=SUCCESS', 'status'],
])('a query is checked: %s', async (url, field) => {
  await using app = await openApp()
  const response = await app.inject(url)
  expect(response.statusCode).toBe(422)
  expect(response.json().details.fields).toMatchObject([{ field }])
})

test('an unknown run is a 404 that clients which read no status understand', async () => {
  const runs = {
    find: async (runId: string) => {
      throw new AppError('run_not_found', { runId })
    },
  }
  await using app = await openApp({ runs })
  const response = await app.inject('/status/nobody')
  expect(response.statusCode).toBe(404)
  expect(response.json()).toEqual({
    error: 'Execution not found',
    message: 'No execution found with ID: nobody',
    detail: 'No execution found with ID: nobody',
    code: 'run_not_found',
    state: 'NOT FOUND',
    status: 'error',
  })
})

test.each([
  [new AppError('queue_full', { queued: 3 }), 429],
  [new AppError('shutting_down'), 503],
])('%s says when to try again', async (error, status) => {
  const runs = { kickoff: () => Promise.reject(error) }
  await using app = await openApp({ runs, crews: [makeCrew()] })
  const response = await app.inject({ method: 'POST', url: '/kickoff' })
  expect(response.statusCode).toBe(status)
  expect(response.headers['retry-after']).toMatch(/^\d+$/)
  expect(response.json()).toMatchObject({ message: error.message })
})

test('an unknown error is logged with its cause, and answered without a word of it', async () => {
  const sink = new PassThrough()
  const cause = new Error('the disk is on fire')
  const runs = { find: () => Promise.reject(new Error('no such table: runs', { cause })) }
  await using app = await openApp({ runs, log: pino(sink) })
  const response = await app.inject('/status/x')
  expect(response.statusCode).toBe(500)
  expect(response.json()).toEqual({
    error: 'Internal Server Error',
    message: 'An unexpected error occurred',
    detail: 'An unexpected error occurred',
    code: 'internal',
  })
  const log = String(sink.read())
  expect(log).toContain('no such table: runs')
  expect(log).toContain('the disk is on fire')
})

test('a thrown thing that is no error is answered as an unknown error', async () => {
  const runs = { find: () => Promise.reject('text') }
  await using app = await openApp({ runs })
  const response = await app.inject('/status/x')
  expect(response.statusCode).toBe(500)
  expect(ErrorBody.parse(response.json()).code).toBe('internal')
})

test('a request is logged once, without its query and headers', async () => {
  const sink = new PassThrough()
  await using app = await openApp({ crews: [makeCrew()], tokens: ['s3cret'], log: pino(sink) })
  const headers = { authorization: 'Bearer s3cret' }
  await app.inject({ url: '/inputs?token=s3cret', headers })
  await app.inject('/livez')
  const lines = String(sink.read()).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { method: 'GET', path: '/inputs', statusCode: 200, durationMs: expect.any(Number) },
  ])
  expect(lines.join()).not.toContain('s3cret')
})
