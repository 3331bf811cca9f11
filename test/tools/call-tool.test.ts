import { expect, test } from 'vitest'
import { z } from 'zod'
import { callTool } from '../../src/tools/call-tool.ts'
import { defineTool, type ToolDefinition } from '../../src/tools/define-tool.ts'
import type { DefinedTool, ToolContext } from '../../src/tools/tool.ts'
import { toolContext } from '../../src/tools/tool-context.ts'

const parameters = z.object({ word: z.string() })
const ARGUMENTS = '{"word":"bee"}'
const never = new AbortController().signal

function call(called: DefinedTool, text = ARGUMENTS, signal = never) {
  return callTool(called, { arguments: text, context: toolContext(), signal })
}

function tool(
  execute: (args: { word: string }, context: ToolContext) => unknown,
  parts: Partial<ToolDefinition<typeof parameters>> = {},
) {
  return defineTool({ name: 'look up', description: 'Looks up', parameters, execute, ...parts })
}

test.each([
  ['text as it is', ' a bee\n', ' a bee\n'],
  ['an object as JSON', { legs: 6 }, '{"legs":6}'],
  ['null as JSON', null, 'null'],
  ['nothing in words', undefined, '(no result)'],
  ['a broken character replaced', 'a \ud83d bee', 'a \ufffd bee'],
])('a result becomes %s', async (_, result, text) => {
  expect(await call(tool(() => result))).toEqual({ text, failed: false })
})

test.each([
  [
    'throws',
    () => {
      throw new Error('closed')
    },
    'The tool failed: closed',
  ],
  [
    'rejects',
    async () => {
      throw new Error('closed')
    },
    'The tool failed: closed',
  ],
  ['throws no error', () => Promise.reject('closed'), 'The tool failed: closed'],
  ['gives what JSON cannot hold', () => 7n, /^The tool failed: .*BigInt/],
])('a tool that %s fails in words for the model', async (_, execute, text) => {
  expect(await call(tool(execute))).toEqual({
    text: typeof text === 'string' ? text : expect.stringMatching(text),
    failed: true,
  })
})

test('wrong arguments never reach the tool', async () => {
  let calls = 0
  const counting = tool(() => {
    calls += 1
  })
  expect(await call(counting, '{"word"')).toMatchObject({ failed: true })
  expect(await call(counting, '{"word":7}')).toMatchObject({ failed: true })
  expect(calls).toBe(0)
})

test('a long result is cut and says so, unless it is the answer', async () => {
  const long = '🐝'.repeat(80_000)

  const cut = await call(tool(() => `x${long}`))
  const answer = await call(tool(() => long, { resultAsAnswer: true }))

  expect(cut.text).toMatch(/\n\[Cut: these are the first 100000 of 160001 characters\.\]$/)
  expect(cut.text.isWellFormed()).toBe(true)
  expect(cut.text.length).toBeLessThan(100_100)
  expect(answer.text).toBe(long)
})

test('a tool that takes too long is given up and told to stop', async () => {
  let told = false
  const slow = tool(
    (_, { signal }) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          told = true
        })
      }),
    { timeoutMs: 20 },
  )
  expect(await call(slow)).toEqual({
    text: 'The tool gave no result within 0.02 s.',
    failed: true,
  })
  expect(told).toBe(true)
})

test('a time-out longer than a timer can be set for does not end the call', async () => {
  const patient = tool(
    () => new Promise((resolve) => setImmediate(() => setImmediate(resolve, 'done'))),
    { timeoutMs: Number.POSITIVE_INFINITY },
  )
  expect(await call(patient)).toEqual({ text: 'done', failed: false })
})

test('an aborted call throws the reason, even when the tool does not heed it', async () => {
  const stop = new AbortController()
  const reason = new Error('stopped')
  const deaf = tool(() => new Promise(() => setImmediate(() => stop.abort(reason))))

  await expect(call(deaf, ARGUMENTS, stop.signal)).rejects.toBe(reason)
  await expect(call(deaf, ARGUMENTS, stop.signal)).rejects.toBe(reason)
})
