import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Endpoint, findEndpoint } from '../../../src/llm/endpoints/endpoint.ts'
import { PROVIDERS } from '../../../src/llm/endpoints/providers.ts'
import type { ModelConnection } from '../../../src/llm/model-choice.ts'
import { lookupIn, of } from './lookup.ts'

function find(
  name: string,
  connection: ModelConnection = {},
  environment: Record<string, string> = {},
) {
  return findEndpoint(name, { connection }, lookupIn(environment))
}

function found(...parameters: Parameters<typeof find>): Endpoint {
  const endpoint = find(...parameters)
  if ('kind' in endpoint) throw new Error(endpoint.text)
  return endpoint
}

test.each<[string, ModelConnection, Record<string, string>, string]>([
  [
    'bedrock/openai.gpt-oss-20b-1:0',
    {},
    { AWS_BEARER_TOKEN_BEDROCK: 'key' },
    'https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1',
  ],
  [
    'bedrock/qwen.qwen3-32b-v1:0',
    {},
    { AWS_BEARER_TOKEN_BEDROCK: 'key', AWS_REGION_NAME: 'eu-central-1' },
    'https://bedrock-runtime.eu-central-1.amazonaws.com/openai/v1',
  ],
  [
    'aws/openai.gpt-oss-20b-1:0',
    { region: of('REGION', 'us-west-2') },
    { AWS_BEARER_TOKEN_BEDROCK: 'key', AWS_DEFAULT_REGION: 'eu-central-1' },
    'https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1',
  ],
  [
    'snowflake/llama3.1-70b',
    {},
    { SNOWFLAKE_PAT: 'key', SNOWFLAKE_ACCOUNT: 'org-account' },
    'https://org-account.snowflakecomputing.com/api/v2/cortex/v1',
  ],
  [
    'snowflake/llama3.1-70b',
    {},
    { SNOWFLAKE_PAT: 'key', SNOWFLAKE_ACCOUNT_URL: 'https://a.snowflakecomputing.com' },
    'https://a.snowflakecomputing.com/api/v2/cortex/v1',
  ],
  ...[
    'https://acme.openai.azure.com',
    'https://acme.openai.azure.com/',
    'https://acme.openai.azure.com/openai/deployments/gpt-4o',
    'https://acme.openai.azure.com/openai/deployments/gpt-4o/chat/completions',
    'https://acme.openai.azure.com/openai/v1/',
  ].map((endpoint): [string, ModelConnection, Record<string, string>, string] => [
    'azure/gpt-4o',
    {},
    { AZURE_API_KEY: 'key', AZURE_API_BASE: endpoint },
    'https://acme.openai.azure.com/openai/v1',
  ]),
  [
    'azure/gpt-4o',
    { baseUrl: 'https://acme.services.ai.azure.com/models', apiVersion: 'preview' },
    { AZURE_API_KEY: 'key' },
    'https://acme.services.ai.azure.com/openai/v1?api-version=preview',
  ],
  [
    'azure/gpt-4o',
    { baseUrl: 'https://acme.openai.azure.com', apiVersion: of('VERSION') },
    { AZURE_API_KEY: 'key', VERSION: '2024-06-01' },
    'https://acme.openai.azure.com/openai/v1',
  ],
  ['gpt-4o', { apiVersion: 'preview' }, { OPENAI_API_KEY: 'key' }, 'https://api.openai.com/v1'],
  ['ollama/llama3', {}, {}, 'http://localhost:11434/v1'],
  ['ollama/llama3', {}, { OLLAMA_HOST: '0.0.0.0' }, 'http://0.0.0.0:11434/v1'],
  ['ollama/llama3', {}, { OLLAMA_HOST: 'http://box:80' }, 'http://box/v1'],
  [
    'ollama/llama3',
    { baseUrl: 'https://ollama.acme.com/proxy' },
    {},
    'https://ollama.acme.com/proxy/v1',
  ],
  ['ollama/llama3', { baseUrl: 'http://[::1]' }, {}, 'http://[::1]:11434/v1'],
  [
    'llama3',
    { baseUrl: `${of('SERVER')}/v1` },
    { SERVER: 'http://box:8000' },
    'http://box:8000/v1',
  ],
  ['llama3', { baseUrl: 'http://box/v1/chat/completions#x' }, {}, 'http://box/v1'],
  ['groq/llama3', { baseUrl: 'http://proxy/groq' }, { GROQ_API_KEY: 'key' }, 'http://proxy/groq'],
])('%s with %o and %o is at its place', (name, connection, environment, baseUrl) => {
  expect(found(name, connection, environment).baseUrl).toBe(baseUrl)
})

test('the key is the one of the variable that the crew names, and of no other', () => {
  const environment = { OPENAI_API_KEY: 'server', TEAM_KEY: 'team\n' }

  expect(found('gpt-4o', { apiKeyVariable: 'TEAM_KEY' }, environment).apiKey).toBe('team')
  expect(found('gpt-4o', { apiKeyVariable: null }, environment).apiKey).toBeNull()
  expect(find('gpt-4o', { apiKeyVariable: 'OTHER_KEY' }, environment)).toEqual({
    kind: 'unset',
    text: 'set OTHER_KEY',
  })
})

test('a server of one’s own needs no key, and is sent the provider’s if there is one', () => {
  const connection = { baseUrl: 'http://localhost:8000/v1' }

  expect(found('llama3', connection).apiKey).toBeNull()
  expect(found('llama3', connection, { OPENAI_API_KEY: 'key' }).apiKey).toBe('key')
  expect(found('litellm_proxy/x', {}, { LITELLM_PROXY_API_BASE: 'http://box' }).apiKey).toBeNull()
})

test('what is told of the connection is kept', () => {
  const headers = { 'X-Title': 'Crew', 'X-Team': of('TEAM') }
  const connection = { timeoutMs: 5000, maxRetries: 2, headers }

  expect(
    found('gpt-4o', connection, { OPENAI_API_KEY: 'a key'.replace(' ', '-'), TEAM: 'red-team-1' }),
  ).toEqual({
    name: 'openai/gpt-4o',
    model: 'gpt-4o',
    baseUrl: 'https://api.openai.com/v1',
    apiKey: 'a-key',
    headers: { 'X-Title': 'Crew', 'X-Team': 'red-team-1' },
    secrets: ['a-key', 'red-team-1'],
    timeoutMs: 5000,
    maxRetries: 2,
    variables: { apiKey: 'OPENAI_API_KEY', baseUrl: 'OPENAI_BASE_URL' },
  })
})

test.each<[string, ModelConnection, Record<string, string>, string]>([
  [of('MODEL_OF_CREW'), {}, {}, 'set MODEL_OF_CREW, which its name needs'],
  ['llama3', { baseUrl: of('SERVER') }, {}, 'set SERVER, which its base URL needs'],
  [
    'llama3',
    { baseUrl: 'https://user:secret@example.com/v1' },
    {},
    'its base URL must be an http(s) URL without user and password, for example http://localhost:8000/v1',
  ],
  ['llama3', { baseUrl: 'ftp://example.com' }, {}, 'its base URL must be an http(s) URL'],
  [
    'llama3',
    { baseUrl: of('S') },
    { S: 'https://:secret@x' },
    'its base URL must be an http(s) URL',
  ],
  [
    'bedrock/openai.gpt-oss-20b-1:0',
    { region: 'evil.com/' },
    { AWS_BEARER_TOKEN_BEDROCK: 'key' },
    'AWS_DEFAULT_REGION or AWS_REGION_NAME or AWS_REGION must be the name of the region',
  ],
  [
    'snowflake/x',
    { region: 'eu' },
    { SNOWFLAKE_PAT: 'key', SNOWFLAKE_ACCOUNT: 'evil.com/' },
    'must be the name of the account',
  ],
  [
    'bedrock/openai.gpt-oss-20b-1:0',
    {},
    { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' },
    'set AWS_BEARER_TOKEN_BEDROCK',
  ],
  ['snowflake/x', {}, { SNOWFLAKE_PAT: 'key' }, 'set SNOWFLAKE_ACCOUNT or SNOWFLAKE_ACCOUNT_ID'],
  [
    'gpt-4o',
    { headers: { 'X-Team': of('TEAM') } },
    { OPENAI_API_KEY: 'key' },
    'set TEAM, which its header X-Team needs',
  ],
  [
    'gpt-4o',
    { headers: { 'X-Team': of('TEAM') } },
    { OPENAI_API_KEY: 'key', TEAM: 'a\nb' },
    'its header X-Team holds characters that no header has',
  ],
])('%s with %o and %o wants something set', (name, connection, environment, text) => {
  const problem = find(name, connection, environment)

  expect(problem).toMatchObject({ kind: 'unset', text: expect.stringContaining(text) })
  expect(JSON.stringify(problem)).not.toContain('secret@')
})

test.each([
  'us.anthropic.claude-sonnet-4-6',
  'amazon.nova-lite-v1:0',
  'meta.llama3-8b-instruct-v1:0',
])('Bedrock’s endpoint does not serve %s, and a gateway may', (model) => {
  const environment = { AWS_BEARER_TOKEN_BEDROCK: 'key' }

  expect(find(`bedrock/${model}`, {}, environment)).toMatchObject({
    kind: 'unknown',
    text: expect.stringContaining('Bedrock serves it only over APIs of its own'),
  })
  expect(found(`bedrock/${model}`, { baseUrl: 'http://localhost:4000' }, environment).model).toBe(
    model,
  )
})

test('whatever a crew says and the environment holds is an endpoint or a problem', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom(
      of('A'),
      of('A', 'x'),
      'http://',
      'http://a:99999',
      '//x@y',
      'xn--',
      'bedrock/',
    ),
  )
  const text = fc.tuple(word, word).map(([a, b]) => a + b)
  const connection = fc.record(
    {
      provider: fc.constantFrom(...PROVIDERS.flatMap(({ names }) => names)),
      baseUrl: text,
      region: text,
      apiKeyVariable: fc.constantFrom('A', 'B', null),
      headers: fc.dictionary(fc.constantFrom('X-A', 'X-B'), text),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(text, connection, text, (name, said, value) => {
      const environment = {
        A: value,
        AWS_REGION: value,
        SNOWFLAKE_ACCOUNT: value,
        GROQ_API_KEY: 'k',
      }
      const endpoint = find(name, said, environment)
      if (!('kind' in endpoint)) expect(new URL(endpoint.baseUrl).username).toBe('')
    }),
    { numRuns: 2000 },
  )
})
