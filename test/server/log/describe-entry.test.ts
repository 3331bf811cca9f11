import { stripVTControlCharacters } from 'node:util'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { describeEntry } from '../../../src/server/log/describe-entry.ts'

const lines: string[] = []
const log = pino({ level: 'debug', base: null }, { write: (line) => lines.push(line) })

/** What is logged last, for people, without its colours and the time. */
function described(): string {
  const line = describeEntry(lines.at(-1) ?? '')
  return stripVTControlCharacters(line).replace(/^\d\d:\d\d:\d\d /, '')
}

test('an entry is a line, with its crew first and its fields last', () => {
  log.child({ crew: 'press' }).info({ runId: 'run-1', note: 'two words', n: 1 }, 'run completed')
  expect(described()).toBe('INFO  press: run completed  runId=run-1  note="two words"  n=1')
  log.warn({ breaks: ['the input a is gone'] }, 'a crew breaks what its callers rely on')
  expect(described()).toBe(
    'WARN  a crew breaks what its callers rely on  breaks=["the input a is gone"]',
  )
})

test('a request is told as such, and what a crew prints as it was printed', () => {
  const request = { method: 'GET', path: '/crews', statusCode: 404, durationMs: 3 }
  log.child({ reqId: 'req-1' }).info(request, 'request')
  expect(described()).toBe('INFO  GET /crews 404 3 ms')
  log.child({ crew: 'press' }).debug({ output: 'searching for "tides"' }, 'a crew printed')
  expect(described()).toBe('DEBUG press: | searching for "tides"')
})

test('an error brings its message, and where the server is to blame its stack', () => {
  const err = new Error('no room left')
  log.warn({ err, runId: 'run-1' }, 'run failed')
  expect(described()).toBe('WARN  run failed  runId=run-1: no room left')
  log.error({ err }, 'request failed')
  expect(described()).toMatch(
    /^ERROR request failed: no room left\n {4}at .*describe-entry.test.ts/,
  )
})

test('nobody who is logged can steer the terminal or forge a line', () => {
  const evil = 'a\n12:00:00 INFO  all is well\u001B[2J\u202E'
  const told = 'a\\u000a12:00:00 INFO  all is well\\u001b[2J\\u202e'
  log.debug({ output: evil }, 'a crew printed')
  expect(described()).toBe(`DEBUG | ${told}`)
  log.info({ method: 'GET', path: evil, statusCode: 200, durationMs: 1 }, 'request')
  expect(described()).toBe(`INFO  GET ${told} 200 1 ms`)
  log.warn({ crew: evil, err: new Error(evil), value: evil }, evil)
  const line = described()
  for (const character of ['\n', '\u001B', '\u202E']) expect(line).not.toContain(character)
  expect(line).toContain(told)
})
