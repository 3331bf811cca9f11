import { expect, test } from 'vitest'
import { readPythonSettings } from '../../../src/workers/python/settings.ts'

test('settings are read as people write them, and what is not said is left out', () => {
  const given = {
    mode: 'light',
    env: ['SEARCH_KEY'],
    timeout_seconds: 1.5,
    tools: { Refund: { on_crash: 'ask' } },
  }

  expect(readPythonSettings(given)).toEqual({
    settings: {
      mode: 'light',
      variables: ['SEARCH_KEY'],
      timeoutMs: 1_500,
      tools: { Refund: { onCrash: 'ask' } },
    },
  })
})

test('every setting that is wrong is told with its place', () => {
  const given = { mode: 'fast', env: ['A B'], thread: 1, tools: { a: { on_crash: 'no' } } }

  const read = readPythonSettings(given)

  expect('problems' in read && read.problems.map(({ path }) => path.join('.'))).toEqual([
    'mode',
    'env.0',
    'tools.a.on_crash',
    '',
  ])
})
