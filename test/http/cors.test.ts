import { expect, test } from 'vitest'
import { openApp } from '../harness/app.ts'
import { makeCrew } from '../harness/samples.ts'

const ORIGIN = 'https://app.example.com'
const preflight = (origin: string) =>
  ({
    method: 'OPTIONS',
    url: '/kickoff',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  }) as const

test('a page of an allowed origin may ask with a token and a JSON body', async () => {
  await using app = await openApp({ corsOrigins: [ORIGIN], tokens: ['t'] })
  const response = await app.inject(preflight(ORIGIN))
  expect(response.statusCode).toBe(204)
  expect(response.headers).toMatchObject({
    'access-control-allow-origin': ORIGIN,
    'access-control-allow-headers': 'Authorization, Content-Type',
  })
  expect(response.headers).not.toHaveProperty('access-control-allow-credentials')
})

test('a page of an allowed origin may read errors, too', async () => {
  await using app = await openApp({ corsOrigins: [ORIGIN], tokens: ['t'], crews: [makeCrew()] })
  const response = await app.inject({ url: '/inputs', headers: { origin: ORIGIN } })
  expect(response.statusCode).toBe(401)
  expect(response.headers['access-control-allow-origin']).toBe(ORIGIN)
})

test.each(['https://app.example.com.evil.test', 'http://app.example.com', 'null'])(
  'a page of %s may not',
  async (origin) => {
    await using app = await openApp({ corsOrigins: [ORIGIN] })
    const response = await app.inject(preflight(origin))
    expect(response.headers).not.toHaveProperty('access-control-allow-origin')
  },
)

test('no page may when no origin is allowed', async () => {
  await using app = await openApp()
  const response = await app.inject(preflight(ORIGIN))
  expect(response.statusCode).toBe(404)
  expect(response.headers).not.toHaveProperty('access-control-allow-origin')
})
