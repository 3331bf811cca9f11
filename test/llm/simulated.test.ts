import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Message, ToolSpec } from '../../src/llm/model.ts'
import { simulatedModel } from '../../src/llm/simulated.ts'
import { ask, never, search } from './samples.ts'

const opening: readonly Message[] = [
  {
    role: 'system',
    content: 'You are Bee Researcher. You like bees.\nYour personal goal is: Know bees',
  },
  {
    role: 'user',
    content:
      'Current Task: Research honey bees for beginners. Name three sources.\n\nThe expected criteria for your final answer: A report of one page',
  },
]

const delegate: ToolSpec = {
  name: 'delegate_work_to_coworker',
  description:
    'Hands a piece of work to one of these coworkers and returns their result: Bee Keeper, Editor. Pass on all.',
  parameters: z.toJSONSchema(
    z.object({ task: z.string(), context: z.string(), coworker: z.string() }),
  ),
}

const model = simulatedModel({ latencyMs: 0 })

async function contentOf(messages: readonly Message[]): Promise<string> {
  const { content } = await model.complete({ messages, idempotencyKey: 'key' }, never)
  return content ?? ''
}

test('a simulated answer names the task, and says once that it is simulated', async () => {
  const content = await contentOf(opening)

  expect(content).toContain('# Research honey bees for beginners')
  expect(content).toContain('Name three sources')
  expect(content).toContain('A report of one page')
  expect(content).toContain('Bee Researcher')
  expect(content.match(/simulated/gi)).toHaveLength(1)
})

test('the same request gives the same answer, another one another', async () => {
  const reply = await model.complete(ask('Hi'), never)

  expect(await simulatedModel({ latencyMs: 1 }).complete(ask('Hi'), never)).toEqual(reply)
  expect(await model.complete(ask('Ho'), never)).not.toEqual(reply)
})

test('a first turn with tools calls the first one that is the agent’s own', async () => {
  const reply = await model.complete(
    { messages: opening, tools: [delegate, search], idempotencyKey: 'key' },
    never,
  )

  expect(reply).toMatchObject({ content: null, finishReason: 'tool_calls' })
  expect(reply.toolCalls).toMatchObject([{ name: 'search' }])
  expect(JSON.parse(reply.toolCalls[0]?.arguments ?? '')).toEqual({
    query: 'Research honey bees for beginners',
  })
})

test('a manager gives its task to a coworker that the tool names', async () => {
  const reply = await model.complete(
    { messages: opening, tools: [delegate], idempotencyKey: 'key' },
    never,
  )

  expect(JSON.parse(reply.toolCalls[0]?.arguments ?? '')).toEqual({
    task: 'Research honey bees for beginners',
    context: expect.stringContaining('honey bees'),
    coworker: 'Bee Keeper',
  })
})

test('after a tool result comes a final answer that quotes it, though tools are offered', async () => {
  const { toolCalls } = await model.complete(
    { messages: opening, tools: [search], idempotencyKey: 'key' },
    never,
  )
  const messages: readonly Message[] = [
    ...opening,
    { role: 'assistant', content: null, toolCalls },
    { role: 'tool', toolCallId: toolCalls[0]?.id ?? '', content: 'Bees make honey' },
  ]

  const reply = await model.complete({ messages, tools: [search], idempotencyKey: 'key' }, never)

  expect(reply.toolCalls).toEqual([])
  expect(reply.content).toContain('“Bees make honey”')
})

test('an answer that is quoted does not say a second time that it is simulated', async () => {
  const delegated = await contentOf(opening)
  const content = await contentOf([
    ...opening,
    {
      role: 'assistant',
      content: null,
      toolCalls: [{ id: 'a', name: delegate.name, arguments: '{}' }],
    },
    { role: 'tool', toolCallId: 'a', content: delegated },
  ])

  expect(content.match(/simulated/gi)).toHaveLength(1)
})

test('an answer after feedback says what it was revised for', async () => {
  const first = await contentOf(opening)
  const content = await contentOf([
    ...opening,
    { role: 'assistant', content: first },
    { role: 'user', content: 'A person did not approve. Their feedback: Add prices\n\nDo it.' },
  ])

  expect(content).toContain('Revised according to the feedback: “Add prices”')
  expect(content).not.toBe(first)
})

test.each<[string, z.ZodObject]>([
  [
    'plain fields',
    z.object({ title: z.string(), score: z.int(), ratio: z.number(), ok: z.boolean() }),
  ],
  [
    'bounds',
    z.object({
      n: z.int().min(5).max(9),
      x: z.number().gt(0).lt(1),
      m: z.number().multipleOf(0.5).lte(-2),
    }),
  ],
  ['text lengths', z.object({ short: z.string().max(5), long: z.string().min(300) })],
  ['formats', z.object({ mail: z.email(), url: z.url(), id: z.uuid(), at: z.iso.datetime() })],
  [
    'choices',
    z.object({ kind: z.enum(['a', 'b']), one: z.literal('x'), maybe: z.string().nullable() }),
  ],
  ['optional fields and defaults', z.object({ a: z.string().optional(), b: z.int().default(4) })],
  [
    'arrays',
    z.object({
      tags: z.array(z.string()).min(2),
      none: z.array(z.int()).max(0),
      pair: z.tuple([z.string(), z.int()]),
    }),
  ],
  ['nested objects', z.object({ inner: z.object({ deep: z.array(z.object({ n: z.int() })) }) })],
  ['unions', z.object({ either: z.union([z.object({ a: z.string() }), z.int()]) })],
  ['a map', z.object({ map: z.record(z.string(), z.int()) })],
])('an answer to a schema with %s is an instance of it', async (_, schema) => {
  const responseSchema = { name: 'answer', schema: z.toJSONSchema(schema) }

  const { content } = await model.complete(ask('Hi', { responseSchema }), never)

  expect(schema.safeParse(JSON.parse(content ?? ''))).toMatchObject({ success: true })
})

test('a schema that refers to itself has an instance', async () => {
  const tree = z.object({
    name: z.string(),
    get children() {
      return z.array(tree)
    },
    get next() {
      return tree.nullable()
    },
  })
  const responseSchema = { name: 'tree', schema: z.toJSONSchema(tree) }

  const { content } = await model.complete(ask('Hi', { responseSchema }), never)

  expect(tree.safeParse(JSON.parse(content ?? ''))).toMatchObject({ success: true })
})

test('references and parts of a schema are put together', async () => {
  const schema = {
    allOf: [
      { $ref: '#/$defs/named' },
      { type: 'object', properties: { age: { type: ['integer', 'null'] } }, required: ['age'] },
    ],
    $defs: {
      named: { type: 'object', properties: { name: { $ref: '#/$defs/a~1b' } }, required: ['name'] },
      'a/b': { const: 'Ada' },
    },
  }

  const { content } = await model.complete(
    ask('Hi', { responseSchema: { name: 'person', schema } }),
    never,
  )

  expect(JSON.parse(content ?? '')).toEqual({ name: 'Ada', age: 1 })
})

test('a slow simulated answer is left at once on abort', async () => {
  const controller = new AbortController()
  const reason = new Error('The run was stopped')

  const call = simulatedModel({ latencyMs: 3_600_000 }).complete(ask('Hi'), controller.signal)
  controller.abort(reason)

  await expect(call).rejects.toBe(reason)
})

test('usage of a simulated answer grows with its texts', async () => {
  const short = await model.complete(ask('Hi'), never)
  const long = await model.complete(ask('Hi '.repeat(400)), never)

  expect(long.usage.promptTokens - short.usage.promptTokens).toBeCloseTo(300, -1)
  expect(long.usage.totalTokens).toBe(long.usage.promptTokens + long.usage.completionTokens)
  expect(long.usage.successfulRequests).toBe(1)
})
