import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import type { LightMyRequestResponse } from 'fastify'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { compose } from '../../src/server/compose.ts'
import { RESEARCH_CREW, REVIEWED_CREW, TOKEN } from '../harness/server.ts'
import { temporaryDirectory } from '../harness/temporary-directory.ts'
import { writeCrews } from '../harness/write-crews.ts'

const REQUESTS = 20_000

interface Operation {
  readonly requestBody?: { content: { 'application/json': { schema: { $ref: string } } } }
  readonly responses: Readonly<Record<string, unknown>>
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { schemas: Readonly<Record<string, { properties?: object }>> }
}
const document: Document = JSON.parse(readFileSync('openapi/openapi.json', 'utf8'))

// A backup needs a real socket, and takes a while; it has tests of its own.
const operations = Object.entries(document.paths)
  .filter(([path]) => path !== '/backup')
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )

const ajv = new Ajv2020({ strict: false, validateFormats: false })
ajv.addSchema(document, 'document')

/** Whether a body is what the document says of this answer. */
function conforms(path: string, method: string, status: number, body: string): boolean {
  const pointer = ['paths', path, method, 'responses', String(status), 'content']
  const json = [...pointer, 'application/json', 'schema']
    .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/')
  const validate = ajv.getSchema(`document#/${json}`)
  if (validate === undefined) throw new Error(`${method} ${path} does not document ${status}`)
  return validate(JSON.parse(body)) === true
}

/** Values of path, query and body: plausible ones, near misses, and anything. */
function values(known: readonly string[]) {
  const odd = ['', '..', '%00', '\u0000', '\ud800', '__proto__', '{topic}', 'a/b', '9'.repeat(300)]
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...known) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  )
}

const contentTypes = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json\t; a',
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/jsonp',
  '',
]

/** A body with the keys of its schema, each with a value of any kind, or no JSON at all. */
function bodies(operation: Operation, ids: readonly string[]): fc.Arbitrary<string> {
  const name =
    operation.requestBody?.content['application/json'].schema.$ref.split('/').at(-1) ?? ''
  const keys = Object.keys(document.components.schemas[name]?.properties ?? {})
  const plausible: Record<string, fc.Arbitrary<unknown>> = {
    inputs: fc.record({ topic: fc.anything({ maxDepth: 3 }) }),
    execution_id: fc.constantFrom(...ids),
    task_id: fc.constantFrom('reply_task', 'file_task', 'other'),
    human_feedback: fc.string(),
    is_approve: fc.boolean(),
    // A name that never resolves (RFC 2606): the tests send nothing to strangers.
    taskWebhookUrl: fc.webPath().map((path) => `https://hooks.invalid/${path}`),
  }
  const value = (key: string) =>
    fc.oneof(plausible[key] ?? fc.string(), fc.anything({ maxDepth: 2 }), fc.constant(null))
  const object = fc.record(Object.fromEntries(keys.map((key) => [key, value(key)])), {
    requiredKeys: [],
  })
  const valid = fc.record(
    Object.fromEntries(
      keys.filter((key) => key in plausible).map((key) => [key, plausible[key] ?? value(key)]),
    ),
    { requiredKeys: [] },
  )
  const toText = (body: unknown) => JSON.stringify(body) ?? ''
  return fc.oneof(
    { weight: 4, arbitrary: valid.map(toText) },
    { weight: 4, arbitrary: object.map(toText) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    {
      weight: 1,
      arbitrary: fc
        .integer({ min: 60, max: 5_000 })
        .map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
    },
  )
}

function requests(ids: readonly string[]) {
  return fc.constantFrom(...operations).chain(({ path, method, operation }) =>
    fc.record({
      path: fc.constant(path),
      method: fc.oneof(
        { weight: 9, arbitrary: fc.constant(method) },
        { weight: 1, arbitrary: fc.constantFrom('get', 'post', 'put', 'delete', 'head') },
      ),
      kickoffId: values(ids),
      crew: values(['research', 'desk', 'none']),
      query: fc.option(
        fc.dictionary(
          values(['result', 'limit', 'cursor', 'status', 'crew']),
          values(['string', 'object', '5', '-1', '1e9', 'completed', 'MTAwMC9h', 'research']),
          { maxKeys: 3 },
        ),
      ),
      token: fc.oneof(
        { weight: 9, arbitrary: fc.constant(`Bearer ${TOKEN}`) },
        {
          weight: 1,
          arbitrary: fc.constantFrom('', 'Bearer', 'Bearer x', 'Basic eDp5', `bearer ${TOKEN}`),
        },
      ),
      contentType: fc.oneof(
        { weight: 5, arbitrary: fc.constant('application/json') },
        { weight: 1, arbitrary: fc.constantFrom(...contentTypes) },
      ),
      body: bodies(operation, ids),
    }),
  )
}

const encode = (part: string) => (part.isWellFormed() ? encodeURIComponent(part) : '%ED%A0%80')

type FuzzRequest = ReturnType<typeof requests> extends fc.Arbitrary<infer Value> ? Value : never

function toInject({ path, method, kickoffId, crew, query, token, contentType, body }: FuzzRequest) {
  const url = path
    .replace('{kickoff_id}', () => encode(kickoffId))
    .replace('{crew}', () => encode(crew))
  const pairs = Object.entries(query ?? {}).map(([key, value]) => `${encode(key)}=${encode(value)}`)
  const hasBody = method === 'post' || method === 'put'
  return {
    method: method as 'GET',
    url: `${url}?${pairs.join('&')}`,
    headers: {
      ...(token !== '' && { authorization: token }),
      ...(hasBody && contentType !== '' && { 'content-type': contentType }),
    },
    ...(hasBody && { payload: body }),
  }
}

function check({ path, method, kickoffId, crew }: FuzzRequest, answer: LightMyRequestResponse) {
  const status = answer.statusCode
  expect(status).toBeLessThan(500)
  if (status >= 400 && method !== 'head')
    expect(answer.json()).toMatchObject({
      error: expect.any(String),
      message: expect.any(String),
      detail: expect.any(String),
    })
  // An odd id can make it the path of another operation, or of none.
  const isAsDocumented = /^[\w-]+$/.test(kickoffId) && /^[\w-]+$/.test(crew)
  const operation = document.paths[path]?.[method]
  if (!isAsDocumented || operation === undefined) return
  expect(Object.keys(operation.responses)).toContain(String(status))
  if (answer.headers['content-type']?.toString().includes('json'))
    expect(conforms(path, method, status, answer.body)).toBe(true)
}

test(`${REQUESTS} requests made from the OpenAPI document are all answered as it says, none with 5xx`, async () => {
  using directory = temporaryDirectory()
  const crews = { research: RESEARCH_CREW, desk: REVIEWED_CREW }
  const { app, begin, close } = await compose(
    readConfig({
      CREWS_DIR: writeCrews(directory.path, crews),
      DEFAULT_CREW: 'research',
      DATABASE_URL: `sqlite:${directory.path}/data/coxswain.db`,
      COXSWAIN_TOKEN: TOKEN,
      COXSWAIN_SIMULATE: 'on',
      COXSWAIN_SIMULATE_LATENCY_MS: '0',
      MAX_QUEUED_RUNS: '1000000',
      LOG_LEVEL: 'silent',
    }),
  )
  await begin()
  const headers = { authorization: `Bearer ${TOKEN}` }
  const known = await Promise.all(
    ['research', 'desk', 'desk', 'desk'].map(async (crew) => {
      const payload = { inputs: { topic: 'tides', letter: 'a complaint' } }
      const url = `/crews/${crew}/kickoff`
      return (await app.inject({ method: 'POST', url, headers, payload })).json()
        .kickoff_id as string
    }),
  )
  const seen = new Map<number, number>()

  await fc.assert(
    fc.asyncProperty(requests(known), async (request) => {
      const answer = await app.inject(toInject(request))
      seen.set(answer.statusCode, (seen.get(answer.statusCode) ?? 0) + 1)
      check(request, answer)
    }),
    { numRuns: REQUESTS },
  )

  // It went deep as well as wide: accepted, refused, and not found.
  for (const status of [200, 400, 401, 404, 415, 422]) expect(seen.get(status)).toBeGreaterThan(50)
  expect((await app.inject('/readyz')).statusCode).toBe(200)
  await close()
}, 180_000)
