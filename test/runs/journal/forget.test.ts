import { expect, test } from 'vitest'
import type { ToolCall } from '../../../src/llm/model.ts'
import { NO_USAGE } from '../../../src/llm/model.ts'
import type { RunFact } from '../../../src/runs/event.ts'
import { toForget } from '../../../src/runs/journal/forget.ts'

const where = { task: 'write', agent: 'writer' }
const model = 'openai/gpt'

const started: RunFact = { type: 'task_started', data: where }
const failed: RunFact = { type: 'task_failed', data: { ...where, error: 'No.' } }
const completed: RunFact = {
  type: 'task_completed',
  data: { ...where, outputStep: 'x', characters: 1, executionTimeMs: 1, usage: NO_USAGE },
}
const callStarted: RunFact = { type: 'llm_call_started', data: { ...where, model } }
const callFailed: RunFact = { type: 'llm_call_failed', data: { ...where, model, error: 'No.' } }
const toolFailed: RunFact = {
  type: 'tool_usage_error',
  data: {
    ...where,
    tool: 'x',
    call: { step: 'x', index: 0 },
    durationMs: 1,
    outputStep: null,
    isUnknown: false,
  },
}
const toolCall: ToolCall = { id: 'a', name: 'x', arguments: '{}' }

function replied(toolCalls: readonly ToolCall[] = []): RunFact {
  const data = { ...where, model, simulated: false, toolCalls, usage: NO_USAGE, durationMs: 1 }
  return { type: 'llm_call_completed', data: { ...data, finishReason: 'stop' } }
}

type Line = readonly [key: string, fact: RunFact, characters?: number]

/** The keys that are forgotten. */
function forgotten(...lines: readonly Line[]): readonly (string | undefined)[] {
  const events = lines.map(([key, fact, characters = 0], index) => ({
    seq: index + 1,
    key,
    fact,
    characters,
  }))
  return toForget(events).map((seq) => lines[seq - 1]?.[0])
}

test('a call that failed is forgotten, and that its task was started and failed', () => {
  expect(
    forgotten(
      ['crew_kickoff_started', { type: 'crew_kickoff_started', data: { crew: 'press' } }],
      ['write/started', started],
      ['write/1/llm/1/started', callStarted],
      ['write/1/llm/1', replied(), 5],
      ['write/1/llm/2/started', callStarted],
      ['write/1/llm/2', callFailed],
      ['write/failed', failed],
    ),
  ).toEqual(['write/started', 'write/1/llm/2/started', 'write/1/llm/2', 'write/failed'])
})

test('what is finished is remembered', () => {
  expect(
    forgotten(
      ['write/started', started],
      ['write/1/tool/1.1/llm/1', callFailed],
      ['write/1/llm/1', replied()],
      ['write/completed', completed],
    ),
  ).toEqual([])
})

test('a call of which nobody knows what came of it is remembered as begun', () => {
  expect(forgotten(['write/started', started], ['write/1/llm/1/started', callStarted])).toEqual([
    'write/started',
  ])
})

test('a failure that was told as the result of delegated work is remembered, another is not', () => {
  expect(
    forgotten(
      ['write/1/tool/1.1/llm/1', callFailed],
      ['write/1/tool/1.1', toolFailed],
      ['write/1/tool/1.11/llm/1', callFailed],
    ),
  ).toEqual(['write/1/tool/1.11/llm/1'])
})

test('of each conversation the replies without a word at its end are forgotten', () => {
  expect(
    forgotten(
      ['write/1/llm/1', replied()],
      ['write/1/llm/2', replied([toolCall])],
      ['write/1/tool/2.1/llm/1', replied(), 3],
      ['write/1/llm/3', replied()],
      ['write/1/llm/final/started', callStarted],
      ['write/1/llm/final', replied()],
    ),
  ).toEqual(['write/1/llm/3', 'write/1/llm/final/started', 'write/1/llm/final'])
})
