import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCompletion } from '../../src/llm/chat-completion.ts'
import { toBody } from '../../src/llm/chat-request.ts'
import { ask } from './samples.ts'

test.each([
  ['api.openai.com', 'max_completion_tokens'],
  ['eu.api.openai.com', 'max_completion_tokens'],
  ['my-resource.openai.azure.com', 'max_completion_tokens'],
  ['api.mistral.ai', 'max_tokens'],
  ['localhost', 'max_tokens'],
  ['notopenai.com', 'max_tokens'],
])('%s is told the token limit as %s', (hostname, parameter) => {
  const body = toBody(ask('Hi', { parameters: { maxTokens: 50 } }), 'model', hostname)

  expect(body).toEqual({
    model: 'model',
    messages: [{ role: 'user', content: 'Hi' }],
    [parameter]: 50,
  })
})

test('an empty text is an answer', () => {
  const parsed = parseCompletion({
    choices: [{ message: { content: '' }, finish_reason: 'length' }],
  })

  expect(parsed).toMatchObject({ reply: { content: '', finishReason: 'length' } })
})

test('usage without its details is counted', () => {
  const parsed = parseCompletion({
    choices: [{ message: { content: 'Hello' } }],
    usage: { prompt_tokens: 5, completion_tokens: 3, prompt_tokens_details: null },
  })

  expect(parsed).toMatchObject({
    reply: {
      usage: { totalTokens: 8, promptTokens: 5, cachedPromptTokens: 0, reasoningTokens: 0 },
    },
  })
})

test('any answer at all is read or refused, and never throws', () => {
  const anyCall = fc.record(
    {
      id: fc.jsonValue(),
      type: fc.jsonValue(),
      function: fc.record({ name: fc.jsonValue(), arguments: fc.jsonValue() }),
    },
    { requiredKeys: [] },
  )
  const message = fc.record(
    {
      content: fc.oneof(fc.string(), fc.jsonValue()),
      refusal: fc.jsonValue(),
      tool_calls: fc.oneof(fc.array(anyCall), fc.jsonValue()),
    },
    { requiredKeys: [] },
  )
  const completion = fc.record(
    {
      choices: fc.oneof(
        fc.array(fc.record({ message, finish_reason: fc.jsonValue() }, { requiredKeys: [] })),
        fc.jsonValue(),
      ),
      usage: fc.jsonValue(),
      error: fc.oneof(fc.constant(undefined), fc.jsonValue()),
    },
    { requiredKeys: [] },
  )

  fc.assert(
    fc.property(fc.oneof(completion, fc.jsonValue()), (body) => {
      const parsed = parseCompletion(body)
      if ('problem' in parsed) {
        expect(parsed.problem).not.toBe('')
        return
      }
      const { content, toolCalls } = parsed.reply
      expect(content !== null || toolCalls.length > 0).toBe(true)
      for (const call of toolCalls) expect(typeof call.arguments).toBe('string')
    }),
    { numRuns: 2000 },
  )
})
