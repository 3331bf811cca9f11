import { expect, test } from 'vitest'
import { createGuard } from '../../src/net/guard.ts'
import { NO_WEBHOOKS } from '../../src/runs/run.ts'
import { fromKickoff, KickoffRequest, KickoffResponse, toKickoff } from '../../src/wire/kickoff.ts'
import { makeRun } from '../harness/samples.ts'

const guard = createGuard([])
const read = (body: unknown) => toKickoff(KickoffRequest.parse(body), 'research', guard)
const NOTHING = { crew: 'research', inputs: {}, meta: {}, webhooks: NO_WEBHOOKS }

test.each([
  ['no body', undefined],
  ['null', null],
  ['an empty object', {}],
  ['null fields', { inputs: null, meta: null, taskWebhookUrl: null, humanInputWebhook: null }],
  ['empty URLs', { taskWebhookUrl: '', stepWebhookUrl: ' ', humanInputWebhook: { url: '' } }],
  ['unknown keys', { trainingFilename: '', generateArtifact: false, webhooks: { events: [] } }],
])('a kickoff with %s brings nothing', (_, body) => {
  expect(read(body)).toEqual(NOTHING)
})

test('a kickoff takes inputs of every JSON type as they are', () => {
  const inputs = { s: 'x', n: 1.5, b: false, z: null, l: [1, 'a'], o: { k: { d: [] } } }
  expect(read({ inputs }).inputs).toEqual(inputs)
})

test('a kickoff takes a webhook of each kind, and meta', () => {
  const request = read({
    meta: { requestId: 'r1' },
    taskWebhookUrl: 'https://example.com/task',
    stepWebhookUrl: ' https://example.com/step ',
    crewWebhookUrl: 'https://example.com/crew',
    humanInputWebhookUrl: 'https://example.com/human',
  })
  expect(request.meta).toEqual({ requestId: 'r1' })
  expect(request.webhooks).toEqual({
    task: { url: 'https://example.com/task', authentication: null },
    step: { url: 'https://example.com/step', authentication: null },
    crew: { url: 'https://example.com/crew', authentication: null },
    humanInput: { url: 'https://example.com/human', authentication: null },
  })
})

test.each([
  [{ strategy: 'bearer', token: 't0k' }],
  [{ strategy: 'basic', username: 'ann', password: 'p:w' }],
])(
  'humanInputWebhook brings credentials and goes before humanInputWebhookUrl: %o',
  (authentication) => {
    const { webhooks } = read({
      humanInputWebhookUrl: 'https://example.com/plain',
      humanInputWebhook: {
        url: 'https://example.com/auth',
        authentication: { ...authentication, x: 1 },
      },
    })
    expect(webhooks.humanInput).toEqual({ url: 'https://example.com/auth', authentication })
  },
)

test.each([
  ['a list as body', [], ''],
  ['a list of inputs', { inputs: [] }, 'inputs'],
  ['text as meta', { meta: 'x' }, 'meta'],
  ['a number as URL', { taskWebhookUrl: 7 }, 'taskWebhookUrl'],
  ['an endless URL', { crewWebhookUrl: `https://a.example/${'x'.repeat(2048)}` }, 'crewWebhookUrl'],
  [
    'an unknown strategy',
    { humanInputWebhook: { url: 'https://a.example', authentication: { strategy: 'digest' } } },
    'humanInputWebhook.authentication.strategy',
  ],
  [
    'a token that would break the header',
    {
      humanInputWebhook: {
        url: 'https://a.example',
        authentication: { strategy: 'bearer', token: 'a\r\nHost: b' },
      },
    },
    'humanInputWebhook.authentication.token',
  ],
])('a kickoff with %s is refused at %s', (_, body, field) => {
  const { error } = KickoffRequest.safeParse(body)
  expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([field])
})

test('a kickoff names every webhook URL that the guard refuses', () => {
  const body = {
    taskWebhookUrl: 'http://127.0.0.1/',
    crewWebhookUrl: 'https://example.com/fine',
    humanInputWebhook: { url: 'ftp://example.com' },
  }
  expect(() => read(body)).toThrow(
    expect.objectContaining({
      code: 'validation_failed',
      message: expect.stringMatching(/^taskWebhookUrl: must .*; humanInputWebhook\.url: must /),
      params: expect.objectContaining({
        fields: [
          expect.objectContaining({ field: 'taskWebhookUrl' }),
          expect.objectContaining({ field: 'humanInputWebhook.url' }),
        ],
      }),
    }),
  )
})

test('the answer to a kickoff is its id and nothing else', () => {
  const body = fromKickoff(makeRun())
  expect(body).toEqual({ kickoff_id: makeRun().id })
  expect(KickoffResponse.strict().parse(body)).toEqual(body)
})
