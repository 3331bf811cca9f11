import { expect, test } from 'vitest'
import { openApp } from '../harness/app.ts'
import { makeCrew, makeRun } from '../harness/samples.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const kickoff = async () => makeRun()

test.each([
  ['500 000 levels', `{"inputs":${'['.repeat(500_000)}${']'.repeat(500_000)}}`],
  ['50 000 values', JSON.stringify({ inputs: { list: Array(50_000).fill(1) } })],
  ['a NUL', '{"inputs":{"topic":"\\u0000"}}'],
  ['a NUL in a key', '{"inputs":{"\\u0000":1}}'],
  ['a lone surrogate', '{"inputs":{"topic":"\\ud83d"}}'],
  ['a number out of range', '{"inputs":{"n":1e999}}'],
  ['__proto__', '{"inputs":{"__proto__":{"isAdmin":true}}}'],
  ['constructor.prototype', '{"constructor":{"prototype":{"isAdmin":true}}}'],
])('a body with %s is refused', async (_, payload) => {
  await using app = await openApp({ crews: [makeCrew()], runs: { kickoff } })
  const response = await app.inject({
    method: 'POST',
    url: '/kickoff',
    headers: JSON_TYPE,
    payload,
  })
  expect(response.statusCode).toBe(400)
  expect(response.json()).toMatchObject({
    message: expect.stringMatching(/^The body /),
    code: 'bad_request',
  })
})

test.each([
  ['/status/a%00b', 'path'],
  ['/runs?crew=a%00b', 'query'],
  ['/?x=%00', 'query'],
])('a NUL in the URL is refused: %s', async (url, part) => {
  await using app = await openApp()
  const response = await app.inject(url)
  expect(response.statusCode).toBe(400)
  expect(response.json().message).toBe(`The ${part} holds a NUL character.`)
})

test.each([
  ['an empty body', { headers: JSON_TYPE, payload: '' }],
  ['no body and no type', {}],
  [
    'an empty form',
    { headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: '' },
  ],
  ['a charset', { headers: { 'content-type': 'application/json; charset=utf-8' }, payload: '{}' }],
  ['emoji', { headers: JSON_TYPE, payload: '{"inputs":{"topic":"🐝"}}' }],
])('a kickoff with %s is accepted', async (_, request) => {
  await using app = await openApp({ crews: [makeCrew()], runs: { kickoff } })
  const response = await app.inject({ method: 'POST', url: '/kickoff', ...request })
  expect(response.statusCode).toBe(200)
  expect(response.json()).toEqual({ kickoff_id: makeRun().id })
})
