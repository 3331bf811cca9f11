import { expect, test } from 'vitest'
import { ModelError, type ModelRequest } from '../../src/llm/model.ts'
import { scriptedModel } from '../../src/llm/scripted.ts'
import type { ScriptedStep } from '../../src/llm/scripted-step.ts'
import { ask, conversation, never, search } from './samples.ts'

test('the scripted model gives its replies in order, with usage by length', async () => {
  using model = scriptedModel([
    { content: 'Hello' },
    { toolCalls: [{ name: 'search', arguments: { query: 'bees' } }], content: 'Let me look' },
  ])

  const first = await model.complete(ask('Hi'), never)
  const second = await model.complete(ask('Look', { tools: [search] }), never)

  expect(first).toMatchObject({ content: 'Hello', toolCalls: [], finishReason: 'stop' })
  expect(first.usage).toMatchObject({ completionTokens: 2, successfulRequests: 1 })
  expect(second).toMatchObject({
    content: 'Let me look',
    toolCalls: [{ id: 'call_2_1', name: 'search', arguments: '{"query":"bees"}' }],
    finishReason: 'tool_calls',
  })
})

test('the scripted model passes malformed arguments on as they are', async () => {
  using model = scriptedModel([{ toolCalls: [{ name: 'search', arguments: '{"query": ' }] }])

  const reply = await model.complete(ask('Look', { tools: [search] }), never)

  expect(reply.toolCalls[0]?.arguments).toBe('{"query": ')
})

test('an error step is thrown as a ModelError and is no violation', async () => {
  using model = scriptedModel([{ error: 'Out of order' }, { content: 'Fine again' }])

  await expect(model.complete(ask('Hi'), never)).rejects.toThrow(new ModelError('Out of order'))
  await expect(model.complete(ask('Hi'), never)).resolves.toMatchObject({ content: 'Fine again' })
})

test('a step can look at the request, also to make its reply', async () => {
  const seen: unknown[] = []
  using model = scriptedModel([
    { content: 'One', expect: (request) => seen.push(request.messages[0]?.content) },
    (request) => ({ content: `You said ${request.messages[0]?.content}` }),
    async () => ({ content: 'Later' }),
  ])

  await model.complete(ask('a'), never)
  const second = await model.complete(ask('b'), never)
  const third = await model.complete(ask('c'), never)

  expect(seen).toEqual(['a'])
  expect([second.content, third.content]).toEqual(['You said b', 'Later'])
})

test('a call that the script does not have fails, and so does everything after it', async () => {
  const model = scriptedModel([{ content: 'Only one' }])
  await model.complete(ask('first'), never)

  await expect(model.complete(ask('second'), never)).rejects.toThrow(
    'call 2 (run-1/second) was not expected: the script has 1 steps',
  )
  await expect(model.complete(ask('third'), never)).rejects.toThrow('call 2 (run-1/second)')
  expect(() => model.assertDone()).toThrow('call 2 (run-1/second)')
})

test('a step that nobody called for fails assertDone and the disposal', () => {
  const model = scriptedModel([{ content: 'Unheard' }])

  expect(() => model.assertDone()).toThrow('1 of 1 steps were not called for')
  expect(() => model[Symbol.dispose]()).toThrow('{"content":"Unheard"}')
})

test('a failed expectation is thrown in the call and again by assertDone', async () => {
  const model = scriptedModel([{ content: 'One', expect: () => expect(1).toBe(2) }])

  await expect(model.complete(ask('Hi'), never)).rejects.toThrow('to be 2')
  expect(() => model.assertDone()).toThrow('to be 2')
})

test('a tool call for a tool that the request does not offer fails, unless that is meant', async () => {
  const strict = scriptedModel([{ toolCalls: [{ name: 'fly', arguments: {} }] }])
  using meant = scriptedModel([{ toolCalls: [{ name: 'fly', arguments: {}, offered: false }] }])
  const request = ask('Go', { tools: [search] })

  await expect(strict.complete(request, never)).rejects.toThrow(
    'calls the tool fly of the request run-1/Go, which it does not offer. Offered: search.',
  )
  expect(() => strict.assertDone()).toThrow('fly')
  await expect(meant.complete(request, never)).resolves.toMatchObject({ content: null })
})

test.each<[string, Partial<ModelRequest>, string]>([
  ['without messages', { messages: [] }, 'it has no messages'],
  ['without a key', { idempotencyKey: '' }, 'the idempotencyKey is empty'],
  [
    'with a tool message without its call',
    { messages: [{ role: 'tool', toolCallId: 'call_9', content: 'Found' }] },
    'message 1 of 1: the tool message answers call_9',
  ],
  [
    'with a call that has no tool message',
    { messages: conversation.slice(0, 3) },
    'no tool message answers the call call_1',
  ],
  [
    'with a user message where a tool message must stand',
    { messages: [...conversation.slice(0, 3), { role: 'user', content: 'Well?' }] },
    'message 4 of 4: a user message stands where a tool message for call_1 must',
  ],
  [
    'with an assistant message that says nothing',
    { messages: [{ role: 'assistant', content: null }] },
    'must have content or tool calls',
  ],
  ['with two tools of a name', { tools: [search, search] }, 'two tools are named search'],
  [
    'with a tool name that no provider takes',
    { tools: [{ ...search, name: 'Search the web' }] },
    'the tool name "Search the web" does not match',
  ],
])('a request %s is a violation', async (_, broken, problem) => {
  const model = scriptedModel([{ content: 'Never said' }])

  await expect(model.complete(ask('Hi', broken), never)).rejects.toThrow(problem)
  expect(() => model.assertDone()).toThrow(problem)
})

test('the idempotency key of a call that succeeded must not come again', async () => {
  const model = scriptedModel([{ content: 'Paid' }, { content: 'Paid twice' }])
  await model.complete(ask('Hi'), never)

  await expect(model.complete(ask('Hi'), never)).rejects.toThrow(
    'its idempotencyKey run-1/Hi is that of a call that has succeeded',
  )
})

test.each<[string, unknown, string]>([
  ['empty', {}, 'it is empty'],
  ['no object', null, 'it must be an object'],
  ['with an unknown key', { text: 'Hi' }, 'the key text is unknown'],
  ['with a content that is no text', { content: 1 }, 'content must be a text'],
  ['without calls', { toolCalls: [] }, 'toolCalls must be a list'],
  ['with a call without arguments', { toolCalls: [{ name: 'a' }] }, 'a tool call needs a name'],
  [
    'with error and content',
    { error: 'a', content: 'b' },
    'error must be a text that stands alone',
  ],
  ['with an expectation that is no function', { content: 'a', expect: 1 }, 'expect must be a func'],
])('a step that is %s is refused when the script is made', (_, step, problem) => {
  const steps = [{ content: 'Fine' }, step as ScriptedStep]

  expect(() => scriptedModel(steps)).toThrow(TypeError)
  expect(() => scriptedModel(steps)).toThrow(`step 2: ${problem}`)
})

test('a reply made by a function is checked like a written one', async () => {
  const model = scriptedModel([() => ({ text: 'Hi' }) as never])

  await expect(model.complete(ask('Hi'), never)).rejects.toThrow('the key text is unknown')
  expect(() => model.assertDone()).toThrow('the key text is unknown')
})

test('an aborted call throws the reason of its signal and is no violation', async () => {
  const held = Promise.withResolvers<never>()
  using model = scriptedModel([() => held.promise])
  const controller = new AbortController()
  const reason = new Error('The run was stopped')

  const call = model.complete(ask('Hi'), controller.signal)
  controller.abort(reason)

  await expect(call).rejects.toBe(reason)
  await expect(model.complete(ask('Again'), controller.signal)).rejects.toBe(reason)
})

test('requests are kept as frozen copies', async () => {
  using model = scriptedModel([{ content: 'Hello' }])
  const messages = [{ role: 'user' as const, content: 'Hi' }]

  await model.complete({ messages, idempotencyKey: 'key' }, never)
  messages.push({ role: 'user', content: 'Changed later' })

  expect(model.requests).toEqual([
    { messages: [{ role: 'user', content: 'Hi' }], idempotencyKey: 'key' },
  ])
  expect(Object.isFrozen(model.requests[0]?.messages[0])).toBe(true)
})
