import { beforeEach, expect, test, vi } from 'vitest'
import { type CallEnd, createPace, type Pace } from '../../src/llm/pace.ts'

beforeEach(() => {
  vi.useFakeTimers()
  return () => vi.useRealTimers()
})

const throttled = (retryAfterMs: number | null): CallEnd => ({ throttled: true, retryAfterMs })

/** Begins as many calls as there is room for. */
function fill(pace: Pace, atMost = Number.POSITIVE_INFINITY) {
  const ends: ((end: CallEnd) => void)[] = []
  while (ends.length < atMost && pace.hasRoom()) ends.push(pace.begin())
  return ends
}

/** Calls side by side in each of some rounds, in which all are answered. */
function widths(pace: Pace, rounds: number): readonly number[] {
  return Array.from({ length: rounds }, () => {
    const ends = fill(pace)
    for (const end of ends) end('answered')
    return ends.length
  })
}

test('a burst that is turned down halves the calls once, and the next one again', () => {
  const pace = createPace(1000)
  for (const end of fill(pace, 16)) end(throttled(1000))
  vi.advanceTimersByTime(1000)
  const second = fill(pace)
  for (const end of second) end(throttled(1000))
  vi.advanceTimersByTime(1000)

  expect(second).toHaveLength(8)
  expect(fill(pace)).toHaveLength(4)
})

test('nobody calls for as long as the longest that was asked for', () => {
  const pace = createPace(1000)
  const [first, second, third] = fill(pace, 3)
  first?.(throttled(100))
  second?.(throttled(20_000))
  third?.(throttled(100))

  vi.advanceTimersByTime(19_999)
  expect(pace.hasRoom()).toBe(false)
  vi.advanceTimersByTime(1)
  expect(pace.hasRoom()).toBe(true)
})

test('with the answers there may be more again, little by little, up to where it began', () => {
  const pace = createPace(50)
  for (const end of fill(pace, 8)) end(throttled(100))
  vi.advanceTimersByTime(100)

  const grown = widths(pace, 40)

  expect(grown.slice(0, 4)).toEqual([4, 4, 5, 6])
  for (const [index, width] of grown.slice(1).entries())
    expect(width - (grown[index] ?? 0)).toBeLessThanOrEqual(1 + width / 10)
  expect(grown.at(-1)).toBe(50)
  expect(pace.isLowered()).toBe(false)
})

test('one call at a time is the least', () => {
  const pace = createPace(2)
  for (let round = 0; round < 5; round += 1) {
    for (const end of fill(pace)) end(throttled(10))
    vi.advanceTimersByTime(10)
  }

  expect(fill(pace)).toHaveLength(1)
})

test('an answer to a call that began before says nothing about the pace now', () => {
  const pace = createPace(1000)
  const [first, ...others] = fill(pace, 100)
  first?.(throttled(100))
  for (const end of others) end('answered')
  vi.advanceTimersByTime(100)

  expect(fill(pace)).toHaveLength(50)
})

test('a call that fails for another reason changes nothing', () => {
  const pace = createPace(3)
  for (const end of fill(pace)) end('failed')

  expect(fill(pace)).toHaveLength(3)
})
