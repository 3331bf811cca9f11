import { expect, test } from 'vitest'
import { openApp } from '../harness/app.ts'

const ORIGIN = 'https://app.example.com'

test.each([
  ['localhost:8000', undefined, 200],
  ['127.0.0.1:8000', undefined, 200],
  ['127.1.2.3', undefined, 200],
  ['[::1]:8000', undefined, 200],
  ['LocalHost:8000', undefined, 200],
  ['localhost:8000', 'http://localhost:8000', 200],
  ['[::1]:8000', 'http://[::1]:8000', 200],
  ['localhost', 'http://localhost', 200],
  ['127.0.0.1:8000', ORIGIN, 200],
  ['rebound.example.com', undefined, 403],
  ['127.0.0.1.example.com', undefined, 403],
  ['127.0.0.1:8000', 'https://evil.example.com', 403],
  ['127.0.0.1:8000', 'null', 403],
  ['127.0.0.1:8000', 'http://127.0.0.1:3000', 403],
  ['127.0.0.1:8000', 'http://localhost:8000', 403],
  ['localhost:8000', 'https://localhost:8000', 403],
  ['localhost:8000', 'http://localhost', 403],
  ['127.0.0.1#.evil.test', undefined, 403],
  ['localhost?.evil.test', 'http://localhost?.evil.test', 403],
  ['localhost/', undefined, 403],
  ['evil.test@localhost', undefined, 403],
  ['localhost:', undefined, 403],
  ['0x7f.1', undefined, 403],
])(
  'without tokens a request to %s from the page %s is answered %i',
  async (host, origin, status) => {
    await using app = await openApp({ corsOrigins: [ORIGIN] })
    const headers = { host, ...(origin !== undefined && { origin }) }
    const answer = await app.inject({ url: '/crews', headers })

    expect(answer.statusCode).toBe(status)
    if (status === 403) expect(answer.json()).toMatchObject({ code: 'not_loopback' })
  },
)

test('with tokens any host may be named', async () => {
  await using app = await openApp({ tokens: ['t'] })
  const headers = { host: 'coxswain.example.com', authorization: 'Bearer t' }

  expect((await app.inject({ url: '/crews', headers })).statusCode).toBe(200)
})

test.each([
  ['none', 200],
  ['same-origin', 200],
  ['same-site', 403],
  ['cross-site', 403],
])(
  'without tokens an image that a page of a browser asks for is answered by where it is from: %s, %i',
  async (site, status) => {
    await using app = await openApp()
    const headers = { host: 'localhost:8000', 'sec-fetch-site': site }

    expect((await app.inject({ url: '/crews', headers })).statusCode).toBe(status)
  },
)

test('without tokens a page of CORS_ORIGINS may call from another site', async () => {
  await using app = await openApp({ corsOrigins: [ORIGIN] })
  const headers = { host: 'localhost:8000', origin: ORIGIN, 'sec-fetch-site': 'cross-site' }

  expect((await app.inject({ url: '/crews', headers })).statusCode).toBe(200)
})
