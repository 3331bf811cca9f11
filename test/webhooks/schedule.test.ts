import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  MAX_AGE_MS,
  MAX_DELAY_MS,
  nextAttemptAt,
  RETRY_DELAYS_MS,
} from '../../src/webhooks/schedule.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const failure = { attempts: 1, ageMs: 0, statusCode: 500, retryAfter: null }
/** Without jitter. */
const policy = { delaysMs: RETRY_DELAYS_MS, maxAgeMs: MAX_AGE_MS, random: () => 0.5 }

test('the schedule is that of Standard Webhooks with an attempt after 30 s and one after 2 min', () => {
  const [minute, hour] = [60, 3600]
  expect(RETRY_DELAYS_MS.map((ms) => ms / 1000)).toEqual([
    5,
    30,
    2 * minute,
    5 * minute,
    30 * minute,
    2 * hour,
    5 * hour,
    10 * hour,
    14 * hour,
    20 * hour,
    24 * hour,
  ])
})

test('a receiver that was down for a minute is asked again within two minutes of its return', () => {
  const attemptsAt = RETRY_DELAYS_MS.map((_, index) =>
    RETRY_DELAYS_MS.slice(0, index + 1).reduce((sum, ms) => sum + ms),
  )
  const firstAfter = attemptsAt.find((ms) => ms >= 60_000) ?? Number.POSITIVE_INFINITY
  expect(firstAfter - 60_000).toBeLessThanOrEqual(120_000)
})

test.each(RETRY_DELAYS_MS.map((delayMs, index) => [index + 1, delayMs]))(
  'after failed attempt %i the next comes in %i ms',
  (attempts, delayMs) => {
    expect(nextAttemptAt({ ...failure, attempts }, NOW, policy)).toBe(NOW + delayMs)
  },
)

test('a message is given up after its last attempt', () => {
  const attempts = RETRY_DELAYS_MS.length + 1
  expect(nextAttemptAt({ ...failure, attempts }, NOW, policy)).toBeNull()
})

test('a message is given up when its receiver is gone for good', () => {
  expect(nextAttemptAt({ ...failure, statusCode: 410, retryAfter: '60' }, NOW, policy)).toBeNull()
})

test('jitter moves an attempt by at most a fifth of its delay, and never by a fraction of a ms', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: RETRY_DELAYS_MS.length }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempts, random) => {
        const at = nextAttemptAt({ ...failure, attempts }, NOW, { ...policy, random: () => random })
        const delayMs = RETRY_DELAYS_MS[attempts - 1] ?? 0
        expect(at).toSatisfy(Number.isInteger)
        expect(Math.abs((at ?? 0) - NOW - delayMs)).toBeLessThanOrEqual(delayMs / 5)
      },
    ),
  )
  const at = (random: number) => nextAttemptAt(failure, NOW, { ...policy, random: () => random })
  expect([at(0), at(1)]).toEqual([NOW + 4000, NOW + 6000])
})

test.each([
  ['60', NOW + 60_000],
  ['5', NOW + 5000],
  ['Sat, 21 Nov 2026 12:30:00 GMT', NOW + 1_800_000],
])('Retry-After %s is honoured', (retryAfter, expected) => {
  expect(nextAttemptAt({ ...failure, retryAfter }, NOW, policy)).toBe(expected)
})

test.each([
  '0',
  '2',
  '-60',
  '1.5',
  '',
  'soon',
  'in 9999 years',
  'Sat, 21 Nov 2099',
  'garbage GMT',
  'Sat, 21 Nov 2020 12:30:00 GMT',
])('Retry-After "%s" does not shorten or move the schedule', (retryAfter) => {
  expect(nextAttemptAt({ ...failure, retryAfter }, NOW, policy)).toBe(NOW + 5000)
})

test.each(['86401', '1000000000', '99999999999', '9'.repeat(400), 'Sat, 21 Nov 2099 12:30:00 GMT'])(
  'Retry-After %s is granted a day',
  (retryAfter) => {
    expect(nextAttemptAt({ ...failure, retryAfter }, NOW, policy)).toBe(NOW + 86_400_000)
  },
)

test('a receiver that asks for a day again and again gets five attempts in four days', () => {
  const [dayMs, retryAfter] = [86_400_000, '86400']
  const attempt = (attempts: number, ageMs: number) =>
    nextAttemptAt({ ...failure, attempts, ageMs, retryAfter }, NOW, policy)

  expect(attempt(4, 3 * dayMs)).toBe(NOW + dayMs)
  expect(attempt(5, 4 * dayMs)).toBeNull()
})

test('the last attempt comes when a message reaches its age', () => {
  const ageMs = MAX_AGE_MS - 60_000
  expect(nextAttemptAt({ ...failure, attempts: 11, ageMs }, NOW, policy)).toBe(NOW + 60_000)
  expect(nextAttemptAt({ ...failure, attempts: 11, ageMs: MAX_AGE_MS }, NOW, policy)).toBeNull()
})

test('a message that is old by the clock alone gets five attempts all the same', () => {
  const ageMs = 100 * MAX_AGE_MS
  const next = [1, 2, 3, 4, 5].map((attempts) =>
    nextAttemptAt({ ...failure, attempts, ageMs }, NOW, policy),
  )
  expect(next).toEqual([NOW + 5000, NOW + 30_000, NOW + 120_000, NOW + 300_000, null])
})

test('no delay is longer than what a clock is corrected by', () => {
  const slow = { ...policy, random: () => 1 }
  for (const attempts of RETRY_DELAYS_MS.keys()) {
    const at = nextAttemptAt(
      { ...failure, attempts: attempts + 1, retryAfter: '999999999' },
      NOW,
      slow,
    )
    expect((at ?? 0) - NOW).toBeLessThanOrEqual(MAX_DELAY_MS)
  }
})
