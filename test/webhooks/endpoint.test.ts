import { expect, test } from 'vitest'
import { type Health, healthAfter, PAUSES_MS, UNKNOWN } from '../../src/webhooks/endpoint.ts'
import type { Outcome } from '../../src/webhooks/sending/deliver.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const [MINUTE_MS, DAY_MS] = [60_000, 86_400_000]
const unanswered: Outcome = { statusCode: null, retryAfter: null, error: 'It did not answer.' }
const delivered: Outcome = { statusCode: 200, retryAfter: null, error: null }
/** Without jitter. */
const policy = { pausesMs: PAUSES_MS, random: () => 0.5 }
const after = (before: Health, outcome = unanswered, now = NOW) =>
  healthAfter(before, outcome, now, policy)

test('an endpoint that fails is left alone ever longer, up to a quarter of an hour', () => {
  let health: Health = UNKNOWN
  const pausesMs = Array.from({ length: 9 }, () => {
    health = after(health)
    return health.pausedUntil - NOW
  })

  const longestMs = 15 * MINUTE_MS
  expect(pausesMs).toEqual([
    0,
    0,
    5000,
    30_000,
    2 * MINUTE_MS,
    5 * MINUTE_MS,
    longestMs,
    longestMs,
    longestMs,
  ])
})

test('a message that is delivered makes an endpoint well, whatever was before', () => {
  const before: Health = {
    deliveredAt: null,
    failures: 900,
    failingSince: NOW - 9 * DAY_MS,
    pausedUntil: NOW + DAY_MS,
    disabledAt: NOW - DAY_MS,
    disabledReason: 'It failed.',
  }
  expect(after(before, delivered)).toEqual({ ...UNKNOWN, deliveredAt: NOW })
})

test('when an endpoint took a message is known to the hour, so that it is not written each time', () => {
  const deliveredAt = NOW - 3_599_999
  expect(after({ ...UNKNOWN, deliveredAt }, delivered).deliveredAt).toBe(deliveredAt)
  expect(after({ ...UNKNOWN, deliveredAt: deliveredAt - 1 }, delivered).deliveredAt).toBe(NOW)
})

test.each([
  [429, '60', MINUTE_MS],
  [503, '60', MINUTE_MS],
  [503, '99999999999', 15 * MINUTE_MS],
  [500, '60', 0],
  [429, null, 0],
])('after %i with Retry-After %s it is left alone for %i ms', (statusCode, retryAfter, ms) => {
  const { pausedUntil } = after(UNKNOWN, { statusCode, retryAfter, error: 'It was refused.' })
  expect(pausedUntil - NOW).toBe(ms)
})

test('an endpoint is disabled once it has failed for five days', () => {
  const failing = { ...UNKNOWN, failures: 40, failingSince: NOW - 5 * DAY_MS }

  expect(after({ ...failing, failingSince: NOW - 5 * DAY_MS + 1 }).disabledAt).toBeNull()
  expect(after(failing)).toMatchObject({
    disabledAt: NOW,
    disabledReason: '41 attempts in a row have failed, for 5 days.',
  })
})

test('a few failures do not disable an endpoint, however far apart the clock says they are', () => {
  const failing = { ...UNKNOWN, failures: 10, failingSince: 0 }

  expect(after(failing).disabledAt).toBeNull()
  expect(after({ ...failing, failures: 11 }).disabledAt).toBe(NOW)
})

test('an endpoint that answers 410 is disabled at once', () => {
  const gone: Outcome = { statusCode: 410, retryAfter: null, error: 'It answered 410.' }
  expect(after(UNKNOWN, gone)).toMatchObject({
    disabledAt: NOW,
    disabledReason: expect.stringContaining('410'),
  })
})

test('a disabled endpoint that fails again stays disabled since the same instant, for the same reason', () => {
  const disabled = { ...UNKNOWN, failures: 40, failingSince: 1, disabledAt: 7, disabledReason: 'x' }
  expect(after(disabled)).toMatchObject({ failures: 41, disabledAt: 7, disabledReason: 'x' })
})
