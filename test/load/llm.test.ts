import { expect, test } from 'vitest'
import { createModelFinder } from '../../src/llm/model-finder.ts'
import { loadFiles, placedProblemsOf, yamlCrew } from '../harness/temporary-crews.ts'
import { of } from '../llm/endpoints/lookup.ts'

const AGENT = 'researcher:\n  role: R\n  goal: G\n  backstory: B\n'
const crewWith = (llm: string) => yamlCrew({ 'config/agents.yaml': `${AGENT}  llm: ${llm}\n` })

async function choiceOf(llm: string) {
  const { crews, problems } = await loadFiles(crewWith(llm))
  expect(problems).toEqual([])
  return crews.get('crew')?.agents[0]?.llm
}

/** Of files whose models are looked for with these variables. */
async function problemsIn(
  files: ReturnType<typeof yamlCrew>,
  environment: Record<string, string> = {},
  simulate = false,
) {
  const { check } = createModelFinder({ simulate, defaultModel: 'nobodys', environment })
  const { problems } = await loadFiles(files, { checkModel: check })
  return problems.map(({ code, key, message }) => `${code} ${key}: ${message}`)
}

test('all that an llm says is in its choice', async () => {
  const choice = await choiceOf(`
    model: llama3
    provider: hosted_vllm
    base_url: ${of('GPU')}/v1
    api_key: ${of('GPU_KEY')}
    api_version: preview
    region_name: { env: REGION, default: us-east-1 }
    timeout: 1.5
    max_retries: 0
    extra_headers: { X-Token: "Token ${of('TOKEN')}", X-Title: Crew }
    temperature: 0
    max_tokens: 10
    max_completion_tokens: 20
    presence_penalty: 1
    frequency_penalty: -1
    logit_bias: { "5": 1 }
    logprobs: 3
    stop_sequences: END
    response_format: { type: json_object }
    top_k: 40
    additional_params: { min_tokens: 1 }
    extra_body: { guided_choice: [a, b] }
`)

  expect(choice).toEqual({
    name: 'llama3',
    connection: {
      provider: 'hosted_vllm',
      baseUrl: `${of('GPU')}/v1`,
      apiKeyVariable: 'GPU_KEY',
      apiVersion: 'preview',
      region: of('REGION', 'us-east-1'),
      timeoutMs: 1500,
      maxRetries: 0,
      headers: { 'X-Token': `Token ${of('TOKEN')}`, 'X-Title': 'Crew' },
    },
    parameters: {
      temperature: 0,
      maxTokens: 20,
      presencePenalty: 1,
      frequencyPenalty: -1,
      logitBias: { '5': 1 },
      logprobs: true,
      topLogprobs: 3,
      stop: ['END'],
      responseFormat: { type: 'json_object' },
      extraBody: { top_k: 40, min_tokens: 1, guided_choice: ['a', 'b'] },
    },
  })
})

test.each<[string, object]>([
  [`{ model_name: x, api_key: "${of('A_KEY')}" }`, { apiKeyVariable: 'A_KEY' }],
  ['{ deployment_name: x, api_key: os.environ/A_KEY }', { apiKeyVariable: 'A_KEY' }],
  ['{ model: x, api_key: { env: A_KEY } }', { apiKeyVariable: 'A_KEY' }],
  ['{ model: x, api_key_env: A_KEY }', { apiKeyVariable: 'A_KEY' }],
  ['{ model: x, api_key: not-needed }', { apiKeyVariable: null }],
  ['{ model: x, api_key: NA }', { apiKeyVariable: null }],
  ['{ model: x, api_key: "" }', {}],
  ['{ model: x, api_base: http://a/v1 }', { baseUrl: 'http://a/v1' }],
  ['{ model: x, endpoint: a.openai.azure.com }', { baseUrl: 'a.openai.azure.com' }],
  ['{ model: x, api_version: 2024-06-01 }', { apiVersion: '2024-06-01' }],
  [
    '{ model: openai/x, custom_openai: true, base_url: http://a/v1 }',
    { baseUrl: 'http://a/v1', provider: 'openai' },
  ],
])('%s is reached with %o', async (llm, connection) => {
  expect(await choiceOf(llm)).toEqual({ name: 'x', connection, parameters: {} })
})

test('the model of a manager has all of it, too', async () => {
  const settings =
    'process: hierarchical\nmanager_llm: { model: x, base_url: http://a/v1, temperature: 1 }'
  const { crews } = await loadFiles(yamlCrew({ 'crew.yaml': settings }))

  expect(crews.get('crew')?.managerLlm).toEqual({
    name: 'x',
    connection: { baseUrl: 'http://a/v1' },
    parameters: { temperature: 1 },
  })
})

test.each([
  ['{ model: x, api_key: sk-secret-123 }', 'api_key: must not be a secret itself'],
  ['{ model: x, api_key: "{sk-secret-123}" }', 'api_key: must not be a secret itself'],
  [
    '{ model: x, api_key: { env: KEY, default: sk-secret-123 } }',
    'api_key: must not be a secret itself',
  ],
  ['{ model: x, api_key: [sk-secret-123] }', `api_key: must be ${of('NAME')} or {"env": "NAME"}`],
  [
    '{ model: x, api_key: { env: sk-secret-123 } }',
    `api_key: must be ${of('NAME')} or {"env": "NAME"}`,
  ],
  ['{ model: x, api_key_env: sk-secret-123 }', 'api_key_env: must be the name of the variable'],
  [
    '{ model: x, extra_headers: { Authorization: Bearer sk-secret-123 } }',
    'extra_headers: must not be a secret itself',
  ],
  ['{ model: x, base_url: "https://user:sk-secret-123@a/v1" }', 'base_url: must be an http(s) URL'],
  ['{ model: x, base_url: "user:sk-secret-123@a/v1" }', 'base_url: must be an http(s) URL'],
])('the secret of %s is an error that does not repeat it', async (llm, message) => {
  const problems = await placedProblemsOf(crewWith(llm))

  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(/^error: /)
  expect(problems[0]).toContain(`researcher.llm.${message}`)
  expect(problems[0]).not.toContain('secret-123')
})

test.each([
  ['{ base_url: 4 }', 'base_url: must be a text, in which '],
  ['{ base_url: ftp://a }', 'base_url: must be an http(s) URL without user and password'],
  ['{ timeout: 0 }', 'timeout: must be a number of seconds above 0, up to 86400, but is 0'],
  ['{ max_retries: -1 }', 'max_retries: must be a whole number from 0 up, but is -1'],
  ['{ additional_params: { stream: true } }', 'additional_params.stream: is no parameter that can'],
  ['{ extra_headers: { Host: a } }', 'extra_headers.Host: is no header that can be set here'],
  ['{ response_format: Report }', 'response_format: must be a map with a type'],
  ['{ response_format: { type: xml } }', 'response_format.type: must be a map with a type'],
  ['{ logit_bias: { a: 200 } }', 'logit_bias.a: must be a number from -100 to 100'],
  ['{ provider: [a] }', 'provider: must be a text, but is a list'],
  ['[gpt-4o]', 'must be the name of a model, or a map of model and parameters'],
])('llm: %s is an error', async (llm, message) => {
  const problems = await placedProblemsOf(crewWith(llm))

  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(message)
})

test('what nobody knows of a model can be sent nevertheless', async () => {
  const { problems } = await loadFiles(crewWith('{ model: x, mirostat: 2 }'))

  expect(problems).toMatchObject([
    {
      severity: 'warning',
      message:
        'is no field of an llm, ignored; what the provider alone knows goes into additional_params',
    },
  ])
})

test.each([
  ['sagemaker/my-endpoint', 'there is no provider "sagemaker"; providers are openai, '],
  ['llama3', 'nothing says whose model it is; write provider/llama3'],
  ['{ model: x, provider: watsonx, base_url: http://a }', 'there is no provider "watsonx"'],
  ['bedrock/anthropic.claude-3-haiku-20240307-v1:0', 'Bedrock serves it only over APIs of its own'],
])('a crew with the model %s is not served, unless models are simulated', async (llm, message) => {
  const [problem, ...others] = await problemsIn(crewWith(llm))

  expect(problem).toMatch(/^model-unknown researcher\.llm: The model .* cannot be used: /)
  expect(problem).toContain(message)
  expect(others).toEqual([])
  expect(await problemsIn(crewWith(llm), {}, true)).toEqual([])
})

test('what only the environment lacks is no error of the crew', async () => {
  expect(await problemsIn(crewWith('groq/llama3'))).toEqual([])
  expect(
    await problemsIn(crewWith('{ model: x, base_url: http://a, api_key: { env: B } }')),
  ).toEqual([])
  expect(await problemsIn(yamlCrew())).toEqual([])
})

test('the variables of a crew’s own .env count for it, and for no other', async () => {
  const own = { 'crew/.env': 'OPENAI_BASE_URL="http://localhost:4000/v1"\nEMPTY=\n' }
  const other = crewWith('llama3')
  const moved = Object.entries(other).map(([file, text]) => [file.replace('crew/', 'other/'), text])
  const files = { ...other, ...own, ...Object.fromEntries(moved) }
  const { check } = createModelFinder({ simulate: false, defaultModel: 'x', environment: {} })
  const { crews, variables, problems } = await loadFiles(files, { checkModel: check })

  expect([...crews.keys()]).toEqual(['crew'])
  expect(problems).toMatchObject([{ crew: 'other', code: 'model-unknown' }])
  expect([...variables]).toEqual([['crew', { OPENAI_BASE_URL: 'http://localhost:4000/v1' }]])
})

test('an .env that cannot be read is said, and keeps no crew from being served', async () => {
  const { crews, problems } = await loadFiles({
    ...crewWith('groq/llama3'),
    'crew/.env': Buffer.from([0x41, 0x3d, 0xff]),
  })

  expect([...crews.keys()]).toEqual(['crew'])
  expect(problems).toMatchObject([{ file: 'crew/.env', message: 'is not UTF-8 text' }])
})

test('with a gateway of one’s own any name will do', async () => {
  const environment = { OPENAI_BASE_URL: 'http://localhost:4000/v1' }

  expect(await problemsIn(crewWith('llama3'), environment)).toEqual([])
  expect(await problemsIn(crewWith('sagemaker/my-endpoint'), environment)).toEqual([])
})

test('the model of a manager must be known, too', async () => {
  const files = yamlCrew({ 'crew.yaml': 'process: hierarchical\nmanager_llm: llama3' })

  expect(await problemsIn(files)).toEqual([
    expect.stringMatching(/^model-unknown manager_llm: The model llama3 cannot be used: /),
  ])
})
