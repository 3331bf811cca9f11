import { expect, test } from 'vitest'
import { ModelError } from '../../src/llm/model.ts'
import { type Attempt, askedWaitMs, retry } from '../../src/llm/retry.ts'
import { never } from './samples.ts'

const failure = (retryAfterMs: number | null = null): Attempt<string> => ({
  ok: false,
  message: 'The provider is busy.',
  isPassing: true,
  retryAfterMs,
})

/** Plays the attempts, and notes the waits instead of making them. */
async function play(attempts: readonly Attempt<string>[]) {
  const waits: number[] = []
  let count = 0
  const result = await retry(async () => attempts[count++] ?? failure(), {
    signal: never,
    onWait: () => {},
    wait: async (waitMs) => void waits.push(waitMs),
  }).catch((error: unknown) => error)
  return { result, waits, count }
}

test('a passing failure is tried again until it succeeds', async () => {
  const { result, count } = await play([failure(), failure(), { ok: true, value: 'Done' }])

  expect(result).toBe('Done')
  expect(count).toBe(3)
})

test('six attempts are made, after waits that grow up to half a minute', async () => {
  const { result, waits, count } = await play([])

  expect(count).toBe(6)
  expect(result).toEqual(new ModelError('The provider is busy. Given up after 6 attempts.'))
  for (const [index, longestMs] of [500, 1500, 4500, 13_500, 30_000].entries()) {
    expect(waits[index]).toBeGreaterThanOrEqual(longestMs / 2)
    expect(waits[index]).toBeLessThanOrEqual(longestMs)
  }
})

test('a failure that will not pass is thrown at once', async () => {
  const { result, waits } = await play([
    { ok: false, message: 'No such model.', isPassing: false, retryAfterMs: 1000 },
  ])

  expect(result).toEqual(new ModelError('No such model.'))
  expect(waits).toEqual([])
})

test.each([0, 20, 30_000, 300_000, 1e12])(
  'a provider that asks for %i ms is left alone for that long, and hardly longer',
  async (askedMs) => {
    const { waits } = await play([failure(askedMs), { ok: true, value: 'Done' }])

    expect(waits[0]).toBeGreaterThanOrEqual(askedMs)
    expect(waits[0]).toBeLessThanOrEqual(askedMs * 1.1 + 1)
  },
)

test('a wait of any length is left at once when the signal is aborted', async () => {
  const controller = new AbortController()
  const reason = new Error('The server stops')

  const waiting = retry(async () => failure(1e12), {
    signal: controller.signal,
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
  expect(askedWaitMs(new Headers(headers), now)).toBe(expected)
})
