import { expect, test } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { openApp } from '../harness/app.ts'

test('GET / is Healthy, as text', async () => {
  await using app = await openApp()
  const response = await app.inject('/')
  expect(response.statusCode).toBe(200)
  expect(response.headers['content-type']).toMatch(/^text\/plain/)
  expect(response.body).toBe('Healthy')
})

test('readiness comes and goes, liveness stays', async () => {
  let isReady = false
  await using app = await openApp({
    assertReady: () => {
      if (!isReady) throw new AppError('not_ready', { reason: 'starting' })
    },
  })
  const early = await app.inject('/readyz')
  expect(early.statusCode).toBe(503)
  expect(early.headers['retry-after']).toMatch(/^\d+$/)
  expect(early.json().code).toBe('not_ready')
  expect((await app.inject('/livez')).json()).toEqual({ status: 'ok' })
  isReady = true
  expect((await app.inject('/readyz')).json()).toEqual({ status: 'ok' })
})
