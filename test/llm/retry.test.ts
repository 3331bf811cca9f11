import { expect, test } from 'vitest'
import { type Failing, ModelError, ModelUnavailable } from '../../src/llm/model.ts'
import { type Attempt, askedWaitMs, retry } from '../../src/llm/retry.ts'
import { never } from './samples.ts'

const failure = (retryAfterMs: number | null = null): Attempt<string> => ({
  ok: false,
  message: 'The provider is busy.',
  isPassing: true,
  isThrottled: false,
  retryAfterMs,
})

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

interface Situation {
  readonly failing?: Failing | null
  readonly horizonMs?: number
  /** ms since the epoch at the first attempt. */
  readonly startAt?: number
}

/** Plays the attempts; time passes only by waiting, which is noted and not made. */
async function play(attempts: readonly Attempt<string>[], situation: Situation = {}) {
  const { failing = null, horizonMs = DAY_MS, startAt = 0 } = situation
  const waits: number[] = []
  let count = 0
  let now = startAt
  const result = await retry(async () => attempts[count++] ?? failure(), {
    signal: never,
    failing,
    horizonMs,
    onWait: () => {},
    wait: async (waitMs) => {
      waits.push(waitMs)
      now += waitMs
    },
    now: () => now,
  }).catch((error: unknown) => error)
  return { result, waits, count, now }
}

/** All attempts at a call that never succeeds, coming back whenever it is time: when each was made, and how it ended. */
async function playToTheEnd(horizonMs: number, attempt: Attempt<string> = failure()) {
  const at: number[] = []
  let failing: Failing | null = null
  let now = 0
  for (;;) {
    at.push(now)
    const { result, waits } = await play(Array(100).fill(attempt), {
      failing,
      horizonMs,
      startAt: now,
    })
    for (const waitMs of waits) {
      now += waitMs
      at.push(now)
    }
    if (!(result instanceof ModelUnavailable)) return { at, result }
    failing = result.failing
    now = result.retryAt
  }
}

test('a passing failure is tried again until it succeeds', async () => {
  const { result, count } = await play([failure(), failure(), { ok: true, value: 'Done' }])

  expect(result).toBe('Done')
  expect(count).toBe(3)
})

test('waits grow up to half a minute; a longer one is not made here', async () => {
  const { result, waits, count, now } = await play([])

  expect(count).toBe(5)
  for (const [index, longestMs] of [500, 1500, 4500, 13_500].entries()) {
    expect(waits[index]).toBeGreaterThanOrEqual(longestMs / 2)
    expect(waits[index]).toBeLessThanOrEqual(longestMs)
  }
  expect(result).toBeInstanceOf(ModelUnavailable)
  const { message, retryAt, failing } = result as ModelUnavailable
  expect(message).toBe('The provider is busy.')
  expect(failing).toEqual({ since: 0, attempts: 5 })
  expect(retryAt - now).toBeGreaterThanOrEqual(20_250)
  expect(retryAt - now).toBeLessThanOrEqual(40_500)
})

test('a call that goes on failing is tried every few minutes until the horizon, and then given up', async () => {
  const { at, result } = await playToTheEnd(DAY_MS)

  const gaps = at.slice(1).map((moment, index) => moment - (at[index] ?? 0))
  expect(Math.max(...gaps)).toBeLessThanOrEqual(180_000)
  expect(Math.min(...gaps.slice(6, -1))).toBeGreaterThanOrEqual(90_000)
  expect(at.at(-1)).toBe(DAY_MS)
  expect(result).toEqual(
    new ModelError(`The provider is busy. Given up after ${at.length} attempts in 24 h.`),
  )
})

test.each([0, 1, 20_000, 600_000])('a horizon of %i ms is kept to the point', async (horizonMs) => {
  const { at, result } = await playToTheEnd(horizonMs)

  expect(at.at(-1)).toBe(horizonMs)
  expect(result).toBeInstanceOf(ModelError)
  expect((result as ModelError).message).toContain('Given up after')
})

test('who asks to wait beyond the horizon is asked once more when it is reached', async () => {
  const { at, result } = await playToTheEnd(HOUR_MS, failure(Number.POSITIVE_INFINITY))

  expect(at).toEqual([0, HOUR_MS])
  expect(result).toEqual(
    new ModelError('The provider is busy. Given up after 2 attempts in 60 min.'),
  )
})

test('who asks for no wait at all, and turns down every time, is not asked without end', async () => {
  for (const askedMs of [0, 100]) {
    const { at } = await playToTheEnd(HOUR_MS, failure(askedMs))

    expect(at.length).toBeLessThan(60)
    expect(at[3]).toBeLessThanOrEqual(400)
  }
})

test('a call that was held back counts no attempt, and leaves at once for half a minute and more', async () => {
  const held = { ok: 'held', message: 'Others are before it.' } as const

  const first = await play([held])
  const later = await play([held], { failing: { since: 0, attempts: 3 }, startAt: HOUR_MS })

  expect(first.waits).toEqual([])
  expect(first.result).toMatchObject({
    message: 'Others are before it.',
    failing: { since: 0, attempts: 0 },
  })
  expect((first.result as ModelUnavailable).retryAt).toBeGreaterThanOrEqual(30_000)
  expect((first.result as ModelUnavailable).retryAt).toBeLessThanOrEqual(60_000)
  expect(later.result).toMatchObject({ failing: { since: 0, attempts: 3 } })
  expect((later.result as ModelUnavailable).retryAt - HOUR_MS).toBeGreaterThanOrEqual(90_000)
})

test('a failure that will not pass is thrown at once, also after long waits', async () => {
  const refusal = { ...failure(1000), message: 'No such model.', isPassing: false } as const
  for (const failing of [null, { since: 0, attempts: 9 }]) {
    const { result, waits } = await play([refusal], { failing, startAt: HOUR_MS })

    expect(result).toEqual(new ModelError('No such model.'))
    expect(waits).toEqual([])
  }
})

test.each([0, 20, 29_999, 30_000])(
  'a provider that asks for %i ms is left alone for that long, and hardly longer',
  async (askedMs) => {
    const { waits } = await play([failure(askedMs), { ok: true, value: 'Done' }])

    expect(waits[0]).toBeGreaterThanOrEqual(askedMs)
    expect(waits[0]).toBeLessThanOrEqual(askedMs * 1.1 + 1)
  },
)

test.each([30_001, 300_000, 3_600_000])(
  'a provider that asks for %i ms is left alone elsewhere',
  async (askedMs) => {
    const { result, waits } = await play([failure(askedMs)])

    expect(waits).toEqual([])
    expect((result as ModelUnavailable).retryAt).toBeGreaterThanOrEqual(askedMs)
    expect((result as ModelUnavailable).retryAt).toBeLessThanOrEqual(askedMs * 1.1 + 1)
  },
)

test('a wait is left at once when the signal is aborted', async () => {
  const controller = new AbortController()
  const reason = new Error('The server stops')

  const waiting = retry(async () => failure(29_000), {
    signal: controller.signal,
    failing: null,
    horizonMs: HOUR_MS,
    onWait: () => setImmediate(() => controller.abort(reason)),
  })

  await expect(waiting).rejects.toBe(reason)
})

const now = Date.parse('2030-01-01T00:00:00Z')

test.each<[Record<string, string>, number | null]>([
  [{}, null],
  [{ 'retry-after': '1' }, 1000],
  [{ 'retry-after': '0.5' }, 500],
  [{ 'retry-after': '300' }, 300_000],
  [{ 'retry-after': '1000000000' }, 1e12],
  [{ 'retry-after': 'Tue, 01 Jan 2030 00:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Mon, 31 Dec 2029 23:59:30 GMT' }, 0],
  [{ 'retry-after-ms': '20', 'retry-after': '1' }, 20],
  [{ 'retry-after-ms': 'soon', 'retry-after': '1' }, 1000],
  [{ 'retry-after': 'soon' }, null],
  [{ 'retry-after': '-5' }, null],
  [{ 'retry-after': '5 apples' }, null],
])('the headers %o ask for %s ms', (headers, expected) => {
  expect(askedWaitMs(headers, now)).toBe(expected)
})
