import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import type { ModelRequest } from '../../src/llm/model.ts'
import { type ModelAnswer, startModelServer } from '../harness/model-server.ts'
import { connect, failureOf, KEY } from './connect.ts'
import { ask, conversation, never, search } from './samples.ts'

test('a request is sent as a chat completion, and its answer is read', async () => {
  await using server = await startModelServer()
  const { model } = connect(server.baseUrl)
  const request: ModelRequest = {
    messages: conversation,
    tools: [search],
    responseSchema: { name: 'news', schema: { type: 'object' } },
    parameters: {
      temperature: 0.2,
      topP: 0.9,
      maxTokens: 100,
      seed: 7,
      stop: ['END'],
      reasoningEffort: 'low',
    },
    idempotencyKey: 'run-1/research_task/1/llm/2',
  }

  const reply = await model.complete(request, never)

  const [call] = server.calls
  expect(call?.body).toEqual({
    model: 'gpt-test',
    messages: [
      { role: 'system', content: 'You are helpful.' },
      { role: 'user', content: 'What is new?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id: 'call_1',
            type: 'function',
            function: { name: 'search', arguments: '{"query": "news"}' },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'Nothing' },
    ],
    tools: [{ type: 'function', function: search }],
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'news', schema: { type: 'object' } },
    },
    temperature: 0.2,
    top_p: 0.9,
    max_tokens: 100,
    seed: 7,
    stop: ['END'],
    reasoning_effort: 'low',
  })
  expect(call?.idempotencyKey).toBe('run-1/research_task/1/llm/2')
  expect(call?.authorization).toBe(`Bearer ${KEY}`)
  expect(reply).toEqual({
    content: `Answer ${call?.hash.slice(0, 16)} to message 4`,
    toolCalls: [],
    finishReason: 'stop',
    usage: {
      totalTokens: expect.any(Number),
      promptTokens: expect.any(Number),
      cachedPromptTokens: 1,
      completionTokens: 10,
      reasoningTokens: 2,
      successfulRequests: 1,
    },
  })
})

test('nothing is sent that was not asked for', async () => {
  await using server = await startModelServer()
  const { model } = connect(server.baseUrl)

  await model.complete(ask('Hi', { tools: [], parameters: {} }), never)

  expect(server.calls[0]?.body).toEqual({
    model: 'gpt-test',
    messages: [{ role: 'user', content: 'Hi' }],
  })
})

test('an idempotency key with any letters goes through a header', async () => {
  await using server = await startModelServer()
  const { model } = connect(server.baseUrl)

  await model.complete(ask('Hi', { idempotencyKey: 'run/研究 1/%20/llm/1' }), never)

  expect(server.calls[0]?.idempotencyKey).toBe('run/%E7%A0%94%E7%A9%B6%201/%20/llm/1')
})

test('tool calls are read with their arguments as they are', async () => {
  await using server = await startModelServer({
    answers: [
      {
        message: {
          content: '',
          tool_calls: [
            { id: 'a', type: 'function', function: { name: 'search', arguments: '{"query": ' } },
            { id: 'b', type: 'function', function: { name: 'nonsense', arguments: '' } },
          ],
        },
      },
    ],
  })
  const { model } = connect(server.baseUrl)

  const reply = await model.complete(ask('Hi', { tools: [search] }), never)

  expect(reply).toMatchObject({
    content: null,
    finishReason: 'tool_calls',
    toolCalls: [
      { id: 'a', name: 'search', arguments: '{"query": ' },
      { id: 'b', name: 'nonsense', arguments: '' },
    ],
  })
})

const toolCall = { id: 'a', type: 'function', function: { name: 'search', arguments: '{}' } }

test.each<[string, ModelAnswer, string]>([
  [
    'HTML with status 200',
    { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Please log in</html>' },
    'answered with something else than a chat completion: the text <html>Please log in</html>.',
  ],
  [
    'broken JSON',
    { status: 200, headers: { 'content-type': 'application/json' }, body: '{"choices": [' },
    'answered with a body that is not JSON.',
  ],
  [
    'an empty body',
    { status: 200, headers: { 'content-type': 'application/json' }, body: '' },
    'answered with something else than a chat completion: an empty body.',
  ],
  [
    'no choices',
    { status: 200, body: { choices: [] } },
    'answered with something else than a chat completion (wrong at choices): {"choices":[]}.',
  ],
  [
    'neither content nor calls',
    { message: { content: null }, finishReason: 'content_filter' },
    'answered with neither text nor tool calls (finish_reason "content_filter").',
  ],
  [
    'a refusal',
    { message: { content: null, refusal: 'I must not.' } },
    'answered with a refusal: I must not.',
  ],
  [
    'a tool call that was cut off',
    { message: { content: null, tool_calls: [toolCall] }, finishReason: 'length' },
    'answered with tool calls that were cut off at the token limit (finish_reason "length"); raise max_tokens.',
  ],
  [
    'two tool calls of the same id',
    { message: { content: null, tool_calls: [toolCall, toolCall] } },
    'answered with two tool calls of the same id.',
  ],
  [
    'arguments that are no text',
    {
      status: 200,
      body: {
        choices: [
          { message: { tool_calls: [{ id: 'a', function: { name: 'b', arguments: {} } }] } },
        ],
      },
    },
    'chat completion (wrong at choices.0.message.tool_calls.0.function.arguments): {"choices"',
  ],
  [
    'an error with status 200',
    { status: 200, body: { error: { message: 'Upstream has no such model', code: 404 } } },
    'answered with an error: Upstream has no such model.',
  ],
])('an answer with %s fails at once and says why', async (_, answer, what) => {
  const { message, waits, host } = await failureOf([answer])

  expect(message).toContain(`Model openai/gpt-test at ${host} answered with`)
  expect(message).toContain(what)
  expect(waits).toEqual([])
})

test.each<[string, object]>([
  ['is missing', {}],
  ['is null', { usage: null }],
  ['is nonsense', { usage: { prompt_tokens: 'many', completion_tokens: -1 } }],
])('usage that %s counts as no tokens', async (_, usage) => {
  const body = { choices: [{ message: { content: 'Hello' } }], ...usage }
  await using server = await startModelServer({ answers: [{ status: 200, body }] })
  const { model } = connect(server.baseUrl)

  const reply = await model.complete(ask('Hi'), never)

  expect(reply).toMatchObject({
    content: 'Hello',
    finishReason: 'stop',
    usage: { totalTokens: 0, completionTokens: 0, successfulRequests: 1 },
  })
})

test.each([
  ['as it is', KEY],
  ['in capitals', KEY.toUpperCase()],
  ['in Base64', btoa(KEY)],
  ['its start', `${KEY.slice(0, 12)}***`],
  ['its end', `***${KEY.slice(-9)}`],
])(
  'a key that the provider repeats (%s) is taken out, wherever the text is cut',
  async (_, echo) => {
    for (const filler of [0, 440, 450, 460, 470, 490].map((length) => '-'.repeat(length))) {
      const { message } = await failureOf([
        { status: 400, body: { error: { message: `${filler}Incorrect API key ${echo} given` } } },
      ])

      expect(message).toContain('answered 400')
      expect(message.toLowerCase()).not.toContain(KEY.slice(0, 8))
      expect(message.toLowerCase()).not.toContain(KEY.slice(-8))
      expect(message).not.toContain(btoa(KEY).slice(0, 8))
    }
  },
)

test.each<[number, string | null, string]>([
  [401, KEY, 'did not take the key (401): check OPENAI_API_KEY.'],
  [401, null, 'wants a key (401): set OPENAI_API_KEY.'],
  [
    403,
    KEY,
    'refused the call (403): check that the account of OPENAI_API_KEY may use this model.',
  ],
])('of a %i to the key %s nothing is quoted', async (status, apiKey, what) => {
  const body = { error: { message: 'Key sk-v**-6789 of Jane Doe', code: status } }
  for (const answered of [status, 200]) {
    const { message, host, calls } = await failureOf([{ status: answered, body }], { apiKey })

    expect(message).toBe(`Model openai/gpt-test at ${host} ${what}`)
    expect(calls).toHaveLength(1)
  }
})

test('a redirect is not followed, and the place to mend it is named', async () => {
  await using target = await startModelServer()
  const location = `${target.baseUrl}/chat/completions?secret=1`

  const { message, waits } = await failureOf([{ status: 308, headers: { location } }])

  expect(message).toContain(
    `answered 308, a redirect to http://127.0.0.1:${target.port}, which is not followed with a key; set OPENAI_BASE_URL to where it leads.`,
  )
  expect(waits).toEqual([])
  expect(target.calls).toEqual([])
})

test('a page of HTML is cut to a readable length', async () => {
  const { message } = await failureOf([
    { status: 404, body: `<html>\n\n${'<p>Not here</p>\n'.repeat(1000)}` },
  ])

  expect(message).toContain('answered 404 <html> <p>Not here</p> <p>Not here</p>')
  expect(message.length).toBeLessThan(600)
})

test('the query of a base URL is kept', async () => {
  const paths: unknown[] = []
  const server = createServer((request, response) => {
    paths.push(request.url)
    response.writeHead(400).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await using connection = connect(`http://127.0.0.1:${port}/openai/v1/?api-version=preview`)

  await expect(connection.model.complete(ask('Hi'), never)).rejects.toThrow(
    'answered 400 (no body)',
  )
  server.close()

  expect(paths).toEqual(['/openai/v1/chat/completions?api-version=preview'])
})

test('what the environment holds for OpenAI is not sent to another provider', async () => {
  const variables = ['OPENAI_ORG_ID', 'OPENAI_PROJECT_ID', 'OPENAI_ADMIN_KEY', 'OPENAI_API_KEY']
  for (const name of variables) process.env[name] = `leaked-${name}`
  const seen: unknown[] = []
  const server = createServer((request, response) => {
    seen.push(request.headers)
    response.writeHead(400).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }

  try {
    const { model } = connect(`http://127.0.0.1:${port}/v1`, { apiKey: null })
    await expect(model.complete(ask('Hi'), never)).rejects.toThrow('answered 400')
  } finally {
    for (const name of variables) delete process.env[name]
    server.close()
  }

  expect(seen).toHaveLength(1)
  expect(JSON.stringify(seen)).not.toContain('leaked')
})
