import { expect, test } from 'vitest'
import { type ModelChoice, newChoice } from '../../src/llm/model-choice.ts'
import { createModels, type ModelsOptions } from '../../src/llm/models.ts'
import { type ModelAnswer, startModelServer } from '../harness/model-server.ts'
import { of } from './endpoints/lookup.ts'
import { ask, never } from './samples.ts'

function modelsIn(
  environment: Readonly<Record<string, string>>,
  more: Partial<ModelsOptions> = {},
) {
  return createModels({
    simulate: false,
    simulatedLatencyMs: 0,
    defaultModel: 'gpt-4o-mini',
    environment,
    retryHorizonMs: 60_000,
    usesProxy: false,
    ...more,
  })
}

test('a request goes where the crew says, as it says', async () => {
  await using server = await startModelServer()
  const models = modelsIn({ TEAM_KEY: 'team-key', OPENAI_API_KEY: 'server-key' })
  const model = models.resolve(
    newChoice({
      name: 'llama3',
      connection: {
        provider: 'hosted_vllm',
        baseUrl: `http://127.0.0.1:${server.port}`,
        apiKeyVariable: 'TEAM_KEY',
        headers: { 'X-Team': `${of('TEAM_KEY')}-${of('TEAM', 'red')}`, 'Accept-Encoding': 'gzip' },
      },
    }),
  )

  await model.complete(
    ask('Hi', {
      parameters: {
        temperature: 0,
        presencePenalty: 1,
        frequencyPenalty: -1,
        logitBias: { '50256': -100 },
        logprobs: true,
        topLogprobs: 2,
        responseFormat: { type: 'json_object' },
        extraBody: { top_k: 40, temperature: 2, model: 'other' },
      },
    }),
    never,
  )
  await models.close()

  const [call] = server.calls
  expect(call?.authorization).toBe('Bearer team-key')
  expect(call?.headers).toMatchObject({
    'x-team': 'team-key-red',
    'accept-encoding': 'identity',
    'idempotency-key': 'run-1/Hi',
  })
  expect(call?.body).toEqual({
    model: 'llama3',
    messages: [{ role: 'user', content: 'Hi' }],
    temperature: 0,
    presence_penalty: 1,
    frequency_penalty: -1,
    logit_bias: { '50256': -100 },
    logprobs: true,
    top_logprobs: 2,
    response_format: { type: 'json_object' },
    top_k: 40,
  })
  expect(model.name).toBe('hosted_vllm/llama3')
})

test('a crew’s own variables go before the server’s, and to no other crew', async () => {
  await using server = await startModelServer()
  const models = modelsIn({
    OPENAI_BASE_URL: `http://127.0.0.1:${server.port}/server/v1`,
    OPENAI_API_KEY: 'server-key',
  })
  const anna = {
    own: {
      OPENAI_API_KEY: 'anna-key',
      OPENAI_API_BASE: ' ',
      OPENAI_BASE_URL: `http://127.0.0.1:${server.port}/anna/v1`,
      MODEL: 'anna-model',
    },
  }
  const ben = { own: { OPENAI_API_KEY: 'ben-key' } }

  for (const options of [anna, ben, {}])
    await models.resolve(newChoice({}), options).complete(ask('Hi'), never)
  await models.close()

  expect(
    server.calls.map(({ prefix, authorization, body }) => [prefix, authorization, body.model]),
  ).toEqual([
    ['/anna', 'Bearer anna-key', 'anna-model'],
    ['/server', 'Bearer ben-key', 'gpt-4o-mini'],
    ['/server', 'Bearer server-key', 'gpt-4o-mini'],
  ])
})

test('models of one name are as many as there are ways to ask for them', () => {
  const models = modelsIn({ OPENAI_API_KEY: 'key', TEAM_KEY: 'other' })
  const resolve = (connection: ModelChoice['connection'] = {}) =>
    models.resolve(newChoice({ name: 'gpt-4o', connection }))

  expect(resolve()).toBe(resolve())
  expect(resolve({ apiKeyVariable: 'OPENAI_API_KEY' })).toBe(resolve())
  expect(resolve({ apiKeyVariable: 'TEAM_KEY' })).not.toBe(resolve())
  expect(resolve({ timeoutMs: 1000 })).not.toBe(resolve())
})

async function failureOf(
  answers: readonly ModelAnswer[],
  connection: ModelChoice['connection'],
  environment: Record<string, string> = {},
) {
  await using server = await startModelServer({ answers })
  const models = modelsIn({ OPENAI_BASE_URL: server.baseUrl, ...environment })
  const model = models.resolve(newChoice({ name: 'gpt-test', connection }))
  const error: Error = await model.complete(ask('Hi'), never).then(
    () => new Error('expected a failure'),
    (thrown) => thrown,
  )
  await models.close()
  return { message: error.message, calls: server.calls.length }
}

const BUSY: ModelAnswer = { status: 503, headers: { 'retry-after-ms': '0' } }

test.each([
  [0, 1],
  [2, 3],
])(
  'with max_retries %i a call is made %i times, whatever the horizon',
  async (maxRetries, calls) => {
    const failure = await failureOf([BUSY, BUSY, BUSY, BUSY], { maxRetries })

    expect(failure.calls).toBe(calls)
    expect(failure.message).toContain(`Given up after ${calls} attempt`)
  },
)

test('an answer is waited for as long as the crew says', async () => {
  const { message } = await failureOf(['hang'], { timeoutMs: 50, maxRetries: 0 })

  expect(message).toContain('0.05 s')
})

test('what the crew’s headers bring from the environment is in no message', async () => {
  const { message } = await failureOf(
    [{ status: 400, body: { error: { message: 'header X-Team: team-secret-1, title: Crew' } } }],
    { headers: { 'X-Team': of('TEAM'), 'X-Title': 'Crew' } },
    { TEAM: 'team-secret-1' },
  )

  expect(message).toContain('header X-Team: [key], title: Crew')
})
