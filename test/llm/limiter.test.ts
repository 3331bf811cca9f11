import { beforeEach, expect, test, vi } from 'vitest'
import { createLimiter, type Limiter } from '../../src/llm/limiter.ts'
import type { CallEnd } from '../../src/llm/pace.ts'
import { never } from './samples.ts'

beforeEach(() => {
  vi.useFakeTimers()
  return () => vi.useRealTimers()
})

/** Calls at a limiter, by name, in the order in which they began, left, and were turned away. */
function callers(limiter: Limiter) {
  const begun: string[] = []
  const turnedAway: string[] = []
  const open = new Map<string, (end: CallEnd) => void>()
  return {
    begun,
    turnedAway,
    async come(name: string, since = 0, signal = never) {
      const leave = await limiter.enter(since, signal)
      if (leave === null) turnedAway.push(name)
      else {
        begun.push(name)
        open.set(name, leave)
      }
    },
    leave(name: string, end: CallEnd) {
      open.get(name)?.(end)
      open.delete(name)
    },
    /** Answers calls until none is open. */
    async answerAll() {
      while (open.size > 0) {
        for (const name of open.keys()) this.leave(name, 'answered')
        await vi.advanceTimersByTimeAsync(0)
      }
    },
    openCount: () => open.size,
  }
}

const names = (count: number, prefix = 'call') =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`)

const throttled = (retryAfterMs: number | null): CallEnd => ({ throttled: true, retryAfterMs })

test('while all is well nobody waits, not even for a turn of the loop', () => {
  const limiter = createLimiter()
  for (const _ of names(1000)) expect(limiter.enter(0, never)).toBeTypeOf('function')
})

test('beyond the most there may be, calls wait for as long as it takes, in their order', async () => {
  const calls = callers(createLimiter(2))
  for (const name of names(5)) void calls.come(name)

  await vi.advanceTimersByTimeAsync(600_000)
  expect(calls.begun).toEqual(names(2))
  await calls.answerAll()

  expect(calls.begun).toEqual(names(5))
  expect(calls.turnedAway).toEqual([])
})

test('one call that is to wait makes all wait, and then half as many go side by side', async () => {
  const calls = callers(createLimiter())
  for (const name of names(10)) await calls.come(name)
  calls.leave('call-0', throttled(5000))
  for (const name of names(20, 'next')) void calls.come(name)
  await calls.answerAll()

  await vi.advanceTimersByTimeAsync(4999)
  expect(calls.begun).toEqual(names(10))
  await vi.advanceTimersByTimeAsync(2)

  expect(calls.begun).toEqual([...names(10), ...names(5, 'next')])
})

test('a provider that goes on turning down without a time is asked ever less often', async () => {
  const calls = callers(createLimiter())
  const pausesMs: number[] = []
  for (const name of names(9)) {
    const startedAt = performance.now()
    const begun = calls.come(name)
    await vi.advanceTimersToNextTimerAsync()
    await begun
    pausesMs.push(performance.now() - startedAt)
    calls.leave(name, throttled(null))
  }

  expect(pausesMs).toEqual([0, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000])
})

test('a call that is told to wait for an hour does not keep the others for as long', async () => {
  const calls = callers(createLimiter())
  await calls.come('daily-limit')
  calls.leave('daily-limit', throttled(3_600_000))
  void calls.come('other')

  await vi.advanceTimersByTimeAsync(499)
  expect(calls.begun).not.toContain('other')
  await vi.advanceTimersByTimeAsync(2)
  expect(calls.begun).toContain('other')
})

test('who has tried for longest goes first', async () => {
  const calls = callers(createLimiter(1))
  void calls.come('first', 50)
  for (const [name, since] of [
    ['c', 30],
    ['a', 10],
    ['d', 30],
    ['b', 20],
  ] as const)
    void calls.come(name, since)

  await vi.advanceTimersByTimeAsync(0)
  await calls.answerAll()

  expect(calls.begun).toEqual(['first', 'a', 'b', 'c', 'd'])
})

test('a call that comes the moment a pause is over does not go before those that wait', async () => {
  const calls = callers(createLimiter())
  await calls.come('asked')
  setTimeout(() => calls.come('newcomer', 2), 1000)
  calls.leave('asked', throttled(1000))
  void calls.come('waiting', 1)

  await vi.advanceTimersByTimeAsync(1001)

  expect(calls.begun).toEqual(['asked', 'waiting'])
})

test.each([1, 2, 3])(
  'a pause that ends at read %i of the clock lets its calls in',
  async (read) => {
    using clock = vi.spyOn(performance, 'now').mockReturnValue(0)
    const calls = callers(createLimiter())
    await calls.come('asked')
    calls.leave('asked', throttled(1000))
    void calls.come('waiting')

    clock.mockReturnValue(1000)
    for (let early = 1; early < read; early++) clock.mockReturnValueOnce(999.99)
    await vi.advanceTimersByTimeAsync(1001)

    expect(calls.begun).toEqual(['asked', 'waiting'])
  },
)

test('an aborted call leaves the queue at once, and takes nobody a place', async () => {
  const calls = callers(createLimiter(1))
  const controller = new AbortController()
  const reason = new Error('The run was stopped')
  void calls.come('first')
  const left = expect(calls.come('second', 0, controller.signal)).rejects.toBe(reason)
  void calls.come('third')

  await vi.advanceTimersByTimeAsync(0)
  controller.abort(reason)
  await left
  await calls.answerAll()

  expect(calls.begun).toEqual(['first', 'third'])
  expect(vi.getTimerCount()).toBe(0)
})

test('when the last that waits leaves, nothing is left that keeps the process', async () => {
  const calls = callers(createLimiter())
  const controller = new AbortController()
  await calls.come('asked')
  calls.leave('asked', throttled(30_000))
  const left = expect(calls.come('waiting', 0, controller.signal)).rejects.toThrow('stopped')

  await vi.advanceTimersByTimeAsync(0)
  controller.abort(new Error('stopped'))
  await left

  expect(vi.getTimerCount()).toBe(0)
})

test('a signal that is aborted already is thrown, and nothing is counted', async () => {
  const calls = callers(createLimiter(1))
  const reason = new Error('Too late')

  await expect(calls.come('late', 0, AbortSignal.abort(reason))).rejects.toBe(reason)
  await calls.come('next')

  expect(calls.begun).toEqual(['next'])
})

test('while fewer calls are made, whose turn is far off after half a minute is turned away', async () => {
  const calls = callers(createLimiter())
  await calls.come('asked')
  calls.leave('asked', throttled(1000))
  for (const name of names(20)) void calls.come(name)

  // One in three seconds, so that ten are let in, and ten more would be.
  for (let turn = 0; turn < 9; turn += 1) {
    await vi.advanceTimersByTimeAsync(3000)
    calls.leave(`call-${turn}`, 'failed')
  }
  await vi.advanceTimersByTimeAsync(2999)
  expect(calls.turnedAway).toEqual([])
  await vi.advanceTimersByTimeAsync(1)

  expect(calls.begun).toEqual(['asked', ...names(10)])
  expect(calls.turnedAway.length).toBeLessThan(10)
  expect(calls.turnedAway.at(-1)).toBe('call-19')
})

test('a queue that does not move at all is left, by the first of it a little later', async () => {
  const calls = callers(createLimiter())
  await calls.come('asked')
  calls.leave('asked', throttled(1000))
  for (const name of ['long', 'waiting', 'last']) void calls.come(name)

  await vi.advanceTimersByTimeAsync(30_000)
  expect(calls.turnedAway).toEqual(['last'])
  await vi.advanceTimersByTimeAsync(30_000)

  expect(calls.begun).toEqual(['asked', 'long'])
  expect(calls.turnedAway).toEqual(['last', 'waiting'])
  expect(vi.getTimerCount()).toBe(0)
})

test('while fewer calls are made, who would have to wait very long is turned away at once: the newest', async () => {
  const calls = callers(createLimiter())
  await calls.come('asked')
  calls.leave('asked', throttled(10_000))
  for (const name of names(400)) void calls.come(name, 100)
  void calls.come('old', 50)
  expect(calls.turnedAway).toEqual([])

  // It has moved by one in ten seconds.
  await vi.advanceTimersByTimeAsync(10_001)

  expect(calls.begun).toEqual(['asked', 'old'])
  expect(calls.turnedAway[0]).toBe('call-399')
  expect(calls.turnedAway).toHaveLength(100)
})

test('a queue that moves fast may be long', async () => {
  const calls = callers(createLimiter())
  for (const name of names(4)) await calls.come(name)
  calls.leave('call-0', throttled(100))
  for (const name of names(300, 'next')) void calls.come(name)
  await vi.advanceTimersByTimeAsync(101)
  for (let turn = 0; turn < 300; turn += 1) {
    await vi.advanceTimersByTimeAsync(50)
    calls.leave(calls.begun.at(-1) ?? '', 'answered')
  }

  expect(calls.turnedAway).toEqual([])
})

test('a call that fails for another reason changes nothing', async () => {
  const calls = callers(createLimiter(3))
  for (const name of names(3)) await calls.come(name)
  for (const name of names(3)) calls.leave(name, 'failed')
  for (const name of names(3, 'next')) void calls.come(name)
  await vi.advanceTimersByTimeAsync(0)

  expect(calls.openCount()).toBe(3)
})
