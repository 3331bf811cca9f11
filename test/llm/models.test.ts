import { expect, test } from 'vitest'
import { PROVIDERS } from '../../src/llm/endpoints/providers.ts'
import { DEFAULT_CHOICE, newChoice } from '../../src/llm/model-choice.ts'
import { isModelConfigured } from '../../src/llm/model-finder.ts'
import { createModels, type ModelsOptions } from '../../src/llm/models.ts'
import { startModelServer } from '../harness/model-server.ts'
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

const named = (name: string) => newChoice({ name })

test('every provider can be used with the variables that its message asks for', () => {
  for (const { names, keyVariables, baseUrlVariables, part } of PROVIDERS) {
    const variables = [keyVariables[0], ...baseUrlVariables, ...(part?.variables ?? [])]
    const values = variables.map((variable) => [variable, 'http://localhost'])
    const models = modelsIn(Object.fromEntries(values))

    expect(models.check(named(`${names[0]}/some-model`))).toBeNull()
    expect(models.resolve(named(`${names[0]}/some-model`)).name).toBe(`${names[0]}/some-model`)
  }
})

test.each<[string, Record<string, string>, string]>([
  ['gpt-4o-mini', {}, 'The model gpt-4o-mini cannot be used: set OPENAI_API_KEY.'],
  ['gemini/gemini-2.5-pro', {}, 'set GEMINI_API_KEY or GOOGLE_API_KEY.'],
  ['groq/llama', { GROQ_API_KEY: '  ' }, 'set GROQ_API_KEY.'],
  [
    'anthropic/claude-sonnet-4-5',
    { OPENAI_BASE_URL: 'http://localhost:4000/v1' },
    'set ANTHROPIC_API_KEY, or write openai/anthropic/claude-sonnet-4-5 to send it to OPENAI_BASE_URL.',
  ],
  [
    'azure/my-deployment',
    { AZURE_API_KEY: 'key' },
    'AZURE_ENDPOINT must be an http(s) URL without user and password, for example https://my-resource.openai.azure.com/openai/v1.',
  ],
  [
    'gpt-4o-mini',
    { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: 'https://user:secret@example.com/v1' },
    'OPENAI_BASE_URL must be an http(s) URL without user and password',
  ],
  ['gpt-4o-mini', { OPENAI_API_KEY: 'one two' }, 'OPENAI_API_KEY holds characters that no key has'],
  ['openai/', { OPENAI_API_KEY: 'key' }, 'it names no model'],
])(
  '%s with %o says what is missing, and fails when it is called',
  async (llm, environment, problem) => {
    const models = modelsIn(environment)

    expect(models.check(named(llm))?.message).toContain(problem)
    expect(models.check(named(llm))?.message).not.toContain('secret')
    await expect(models.resolve(named(llm)).complete(ask('x'), never)).rejects.toThrow(problem)
  },
)

test.each<[string, Record<string, string>]>([
  ['gpt-4o-mini', { OPENAI_BASE_URL: 'http://localhost:1234/v1' }],
  ['gpt-4o-mini', { OPENAI_API_BASE: 'http://localhost:1234/v1' }],
  ['ollama/llama3.2', {}],
  ['hosted_vllm/meta-llama/Llama-3-8b', {}],
  ['lm_studio/qwen', {}],
])('%s with %o needs no key', (llm, environment) => {
  expect(modelsIn(environment).check(named(llm))).toBeNull()
})

test.each<[string, string, string]>([
  ['openai/gpt-x', 'OPENAI_BASE_URL', ''],
  ['gpt-x', 'OPENAI_API_BASE', '/'],
  ['ollama/gpt-x', 'OLLAMA_HOST', '/without-path'],
  ['hosted_vllm/gpt-x', 'VLLM_BASE_URL', ''],
])('%s goes to the server that %s names', async (llm, variable, ending) => {
  await using server = await startModelServer()
  const value =
    ending === '/without-path' ? `127.0.0.1:${server.port}` : `${server.baseUrl}${ending}`
  const models = modelsIn({ [variable]: value })

  await models.resolve(named(llm)).complete(ask('Hi'), never)

  expect(server.calls[0]?.body.model).toBe('gpt-x')
})

test('a key that was read from a file is sent without its line break', async () => {
  await using server = await startModelServer()
  const models = modelsIn({ OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'key\n' })

  await models.resolve(DEFAULT_CHOICE).complete(ask('Hi'), never)

  expect(server.calls[0]?.authorization).toBe('Bearer key')
  expect(server.calls[0]?.body.model).toBe('gpt-4o-mini')
})

test('the same name gives the same model, and no name the default one', () => {
  const models = modelsIn({ OPENAI_API_KEY: 'key' })

  expect(models.resolve(named('gpt-4o'))).toBe(models.resolve(named('openai/gpt-4o')))
  expect(models.resolve(DEFAULT_CHOICE).name).toBe('openai/gpt-4o-mini')
  expect(models.resolve(DEFAULT_CHOICE)).not.toBe(models.resolve(named('gpt-4o')))
})

test('while simulating, every model is the simulated one and nothing need be set', () => {
  const models = modelsIn({}, { simulate: true })

  expect(models.isSimulated()).toBe(true)
  expect(models.check(named('groq/llama'))).toBeNull()
  expect(models.resolve(named('groq/llama'))).toBe(models.resolve(DEFAULT_CHOICE))
  expect(models.resolve(DEFAULT_CHOICE).simulated).toBe(true)
})

test.each<[Record<string, string>, boolean]>([
  [{}, false],
  [{ OPENAI_API_KEY: 'key' }, true],
  [{ OPENAI_BASE_URL: 'http://localhost:1234/v1' }, true],
  [{ OPENAI_API_BASE: 'http://localhost:1234/v1' }, true],
  [{ GROQ_API_KEY: 'key' }, true],
  [{ MODEL: 'ollama/llama3.2' }, true],
  [{ OPENAI_MODEL_NAME: 'gpt-4o' }, false],
  [{ UNRELATED_API_KEY: 'key' }, false],
])('with %o a model is configured: %s', (environment, expected) => {
  expect(isModelConfigured(environment)).toBe(expected)
})

test('a crew that says which model to use has it while others are simulated', () => {
  const own = { GROQ_API_KEY: 'key' }
  const models = modelsIn({}, { simulate: true })
  const forced = modelsIn({}, { simulate: true, simulateAll: true })

  expect(models.resolve(named('groq/llama'), { own }).name).toBe('groq/llama')
  expect(models.check(DEFAULT_CHOICE, { own })?.message).toContain('set OPENAI_API_KEY')
  expect(models.resolve(named('groq/llama'), { own: { UNRELATED: 'x' } }).simulated).toBe(true)
  expect(forced.resolve(named('groq/llama'), { own }).simulated).toBe(true)
  expect(forced.check(DEFAULT_CHOICE, { own })).toBeNull()
})

test('models behind the same key slow down together, and others do not', async () => {
  await using server = await startModelServer({
    answers: [{ status: 429, headers: { 'retry-after-ms': '1000' } }],
  })
  const throttled = Promise.withResolvers<void>()
  const environment = {
    OPENAI_BASE_URL: server.baseUrl,
    OPENAI_API_KEY: 'one',
    VLLM_BASE_URL: server.baseUrl,
    VLLM_API_KEY: 'two',
  }
  const models = modelsIn(environment, { log: { warn: () => throttled.resolve() } })
  const first = models.resolve(named('gpt-first')).complete(ask('Hi'), never)
  await throttled.promise

  const sameKey = models.resolve(named('gpt-second')).complete(ask('Hi'), never)
  await models.resolve(named('vllm/other')).complete(ask('Hi'), never)
  const { length } = server.calls
  await Promise.all([first, sameKey])

  expect(length).toBe(2)
  const [asked, other, ...later] = server.calls.map(({ body }) => body.model)
  expect([asked, other]).toEqual(['gpt-first', 'other'])
  expect(later.toSorted()).toEqual(['gpt-first', 'gpt-second'])
  await models.close()
})

test('closing the models ends what is in flight', async () => {
  await using server = await startModelServer({ answers: ['hang'] })
  const models = modelsIn({ OPENAI_BASE_URL: server.baseUrl }, { retryHorizonMs: 0 })
  const failed = expect(models.resolve(DEFAULT_CHOICE).complete(ask('Hi'), never)).rejects.toThrow(
    'cannot be reached',
  )
  await server.until(({ calls }) => calls.length === 1)

  await models.close()

  await failed
})
