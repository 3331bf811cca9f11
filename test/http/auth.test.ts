import { expect, test } from 'vitest'
import { openApp } from '../harness/app.ts'
import { makeCrew } from '../harness/samples.ts'

const TOKENS = ['first-token', 'second-token']
const REFUSED = {
  error: 'Unauthorized',
  message: 'Invalid or missing bearer token',
  detail: 'Invalid or missing bearer token',
  code: 'unauthorized',
}

test.each([
  ['no header', undefined],
  ['an empty token', 'Bearer '],
  ['an unknown token', 'Bearer third-token'],
  ['the beginning of a token', 'Bearer first-toke'],
  ['two tokens in one', 'Bearer first-token,second-token'],
  ['another scheme', 'Basic Zmlyc3QtdG9rZW4='],
  ['the token alone', 'first-token'],
])('a request with %s is refused', async (_, authorization) => {
  await using app = await openApp({ tokens: TOKENS, crews: [makeCrew()] })
  const response = await app.inject({
    url: '/inputs',
    headers: authorization ? { authorization } : {},
  })
  expect(response.statusCode).toBe(401)
  expect(response.headers['www-authenticate']).toBe('Bearer')
  expect(response.json()).toEqual(REFUSED)
})

test.each(['Bearer first-token', 'Bearer second-token', 'bearer first-token'])(
  'a request with %s is let in',
  async (authorization) => {
    await using app = await openApp({ tokens: TOKENS, crews: [makeCrew()] })
    const response = await app.inject({ url: '/inputs', headers: { authorization } })
    expect(response.statusCode).toBe(200)
  },
)

test.each([
  ['GET', '/inputs'],
  ['POST', '/kickoff'],
  ['GET', '/status/x'],
  ['GET', '/x/status'],
  ['POST', '/resume'],
  ['POST', '/stop/x'],
  ['GET', '/crews/research/inputs'],
  ['POST', '/crews/research/kickoff'],
  ['GET', '/crews/research/status/x'],
  ['GET', '/crews/research/x/status'],
  ['POST', '/crews/research/resume'],
  ['POST', '/crews/research/stop/x'],
  ['GET', '/crews'],
  ['GET', '/crews/research'],
  ['GET', '/runs'],
  ['GET', '/runs/x'],
] as const)('%s %s needs a token', async (method, url) => {
  await using app = await openApp({ tokens: TOKENS, crews: [makeCrew()] })
  expect((await app.inject({ method, url })).statusCode).toBe(401)
})

test.each(['/', '/livez', '/readyz', '/openapi.json', '/docs', '/docs/static/index.css'])(
  'GET %s needs no token, and minds no wrong one',
  async (url) => {
    await using app = await openApp({ tokens: TOKENS })
    expect((await app.inject({ url })).statusCode).toBe(200)
    const headers = { authorization: 'Bearer wrong' }
    expect((await app.inject({ url, headers })).statusCode).toBe(200)
  },
)

test('a body is not read before the token is known', async () => {
  await using app = await openApp({ tokens: TOKENS, crews: [makeCrew()] })
  const headers = { 'content-type': 'application/json' }
  const response = await app.inject({ method: 'POST', url: '/kickoff', headers, payload: '{' })
  expect(response.statusCode).toBe(401)
})

test('a path that does not exist is not found, with a token and without', async () => {
  await using app = await openApp({ tokens: TOKENS })
  const headers = { authorization: 'Bearer first-token' }
  expect((await app.inject({ url: '/nowhere', headers })).statusCode).toBe(404)
  expect((await app.inject({ url: '/nowhere' })).statusCode).toBe(404)
})
