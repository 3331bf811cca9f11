import { expect, test } from 'vitest'
import { type Naming, parseModelName } from '../../../src/llm/endpoints/model-name.ts'
import { PROVIDERS } from '../../../src/llm/endpoints/providers.ts'
import { lookupIn } from './lookup.ts'

const GATEWAY = { OPENAI_BASE_URL: 'http://localhost:4000/v1' }

function parse(name: string, naming: Naming = {}, environment: Record<string, string> = {}) {
  const parsed = parseModelName(name, naming, lookupIn(environment))
  return typeof parsed === 'string' ? parsed : [parsed.provider.names[0], parsed.model]
}

test.each([
  ['openai/gpt-4o-mini', 'openai', 'gpt-4o-mini'],
  ['ollama/llama3.2:3b', 'ollama', 'llama3.2:3b'],
  ['OpenRouter/anthropic/claude-sonnet-4.5', 'openrouter', 'anthropic/claude-sonnet-4.5'],
  ['together_ai/meta-llama/Llama-3-70b', 'together', 'meta-llama/Llama-3-70b'],
  ['google/gemini-2.5-flash', 'gemini', 'gemini-2.5-flash'],
  ['claude/claude-sonnet-4-5', 'anthropic', 'claude-sonnet-4-5'],
  ['openai/google/gemma-3-27b-it', 'openai', 'google/gemma-3-27b-it'],
  ['bedrock/openai.gpt-oss-120b-1:0', 'bedrock', 'openai.gpt-oss-120b-1:0'],
  ['nvidia_nim/nvidia/llama-3.1-nemotron', 'nvidia', 'nvidia/llama-3.1-nemotron'],
])('%s is a model of %s called %s, whatever else is set', (name, provider, model) => {
  expect(parse(name)).toEqual([provider, model])
  expect(parse(name, { hasBaseUrl: true }, GATEWAY)).toEqual([provider, model])
})

test.each([
  ['gpt-4o-mini', 'openai'],
  ['GPT-5', 'openai'],
  ['o3-mini', 'openai'],
  ['chatgpt-4o-latest', 'openai'],
  ['ft:gpt-4o-mini:acme::1', 'openai'],
  ['claude-sonnet-4-5', 'anthropic'],
  ['gemini-2.5-flash', 'gemini'],
  ['gemma-3-27b-it', 'gemini'],
  ['gpt-35-turbo', 'azure'],
  ['anthropic.claude-3-haiku-20240307-v1:0', 'bedrock'],
  ['us.anthropic.claude-sonnet-4-6', 'bedrock'],
  ['amazon.nova-lite-v1:0', 'bedrock'],
])('%s alone is a model of %s', (name, provider) => {
  expect(parse(name)).toEqual([provider, name])
})

test.each(['llama3', 'mistral-large', 'meta-llama/Llama-3-8b', 'my/own/model'])(
  '%s is a model of one’s own server, and of nobody without one',
  (name) => {
    expect(parse(name, { hasBaseUrl: true })).toEqual(['openai', name])
    expect(parse(name, {}, GATEWAY)).toEqual(['openai', name])
    expect(parse(name)).toContain('providers are openai, anthropic, gemini, ')
    expect(parse(name)).toContain(`write openai/${name} and set OPENAI_BASE_URL`)
  },
)

test('a provider that nobody knows is named, and what can be written instead', () => {
  expect(parse('sagemaker/my-endpoint')).toMatch(
    /^there is no provider "sagemaker"; providers are openai, .*\. For a server of your own, give base_url, or write openai\/sagemaker\/my-endpoint and set OPENAI_BASE_URL$/,
  )
  expect(parse('llama3', { provider: 'watsonx' })).toMatch(/^there is no provider "watsonx"; /)
})

test('OpenAI’s own URL is no server of one’s own', () => {
  expect(parse('llama3', {}, { OPENAI_BASE_URL: 'https://api.openai.com/v1' })).toContain(
    'nothing says whose model it is',
  )
})

test('who has a gateway and no key of the provider has a model of that name there', () => {
  expect(parse('claude-sonnet-4-5', {}, GATEWAY)).toEqual(['openai', 'claude-sonnet-4-5'])
  expect(parse('claude-sonnet-4-5', {}, { ...GATEWAY, ANTHROPIC_API_KEY: 'key' })).toEqual([
    'anthropic',
    'claude-sonnet-4-5',
  ])
})

test.each([
  ['llama3.1', 'ollama', 'ollama'],
  ['openrouter/auto', 'openrouter', 'openrouter'],
  ['openai/gpt-oss-20b', 'Groq', 'groq'],
])('%s with the provider %s is called so by %s', (name, provider, expected) => {
  expect(parse(name, { provider })).toEqual([expected, name])
})

test('no two providers share a name or a variable', () => {
  const names = PROVIDERS.flatMap((provider) => provider.names)
  const variables = PROVIDERS.flatMap(({ keyVariables, baseUrlVariables, part }) => [
    ...keyVariables,
    ...baseUrlVariables,
    ...(part?.variables ?? []),
  ])

  expect(names.length).toBe(new Set(names).size)
  expect(variables.length).toBe(new Set(variables).size)
})
