import { expect, test } from 'vitest'
import { createOffenders } from '../../src/workers/offenders.ts'
import type { Spoiling } from '../../src/workers/worker.ts'

const spoiling = (runId: string, type: Spoiling['type'] = 'ended'): Spoiling => ({
  type,
  reason: 'boom',
  origin: { tool: 'search', runId },
})

test('ten good calls end the row of a run', () => {
  const offenders = createOffenders()
  for (let time = 1; time <= 4; time += 1) offenders.note(spoiling('run-1'))
  for (let call = 1; call <= 9; call += 1) offenders.noteGood('run-1')
  offenders.note(spoiling('run-1', 'threw'))
  expect(() => offenders.check('run-1')).toThrow('5 times, the last time search: boom')

  for (let time = 1; time <= 4; time += 1) offenders.note(spoiling('run-1'))
  for (let call = 1; call <= 10; call += 1) offenders.noteGood('run-1')
  offenders.note(spoiling('run-1'))
  expect(() => offenders.check('run-1')).not.toThrow()
})

test('a run that was failed for its tools may be tried again', () => {
  const offenders = createOffenders()
  for (let time = 1; time <= 5; time += 1) offenders.note(spoiling('run-1'))
  expect(() => offenders.check('run-1')).toThrow('5 times')
  expect(() => offenders.check('run-1')).not.toThrow()
})

test('what only blocks, and what is nobody’s, is not held against a run', () => {
  const offenders = createOffenders()
  for (let time = 1; time <= 9; time += 1) {
    offenders.note(spoiling('run-1', 'blocks'))
    offenders.note({ ...spoiling('run-1'), origin: null })
  }
  expect(() => offenders.check('run-1')).not.toThrow()
})

test('a tool is called apart for ten minutes after it has spoilt a process', () => {
  let nowMs = 0
  const offenders = createOffenders(() => nowMs)
  offenders.note(spoiling('run-1', 'blocks'))

  nowMs = 599_999
  expect(offenders.isApart({ tool: 'search', runId: 'run-1' })).toBe(true)
  expect(offenders.isApart({ tool: 'search', runId: 'run-2' })).toBe(false)
  expect(offenders.isApart({ tool: 'fetch', runId: 'run-1' })).toBe(false)
  nowMs = 600_000
  expect(offenders.isApart({ tool: 'search', runId: 'run-1' })).toBe(false)
})
