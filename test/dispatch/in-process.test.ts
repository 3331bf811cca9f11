import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { inProcessDispatch } from '../../src/dispatch/in-process.ts'

const log = pino({ level: 'silent' })
const WELL = { whenWell: async () => {} }

test('no more runs are driven at once than allowed, and the rest is queued', async () => {
  const dispatch = inProcessDispatch({ maxConcurrentRuns: 2, health: WELL, log })
  const started: string[] = []
  const gate = Promise.withResolvers<void>()
  for (const runId of ['a', 'b', 'c']) dispatch.wake(runId)
  dispatch.start(async (runId) => {
    started.push(runId)
    await gate.promise
  })
  await vi.waitFor(() => expect(started).toEqual(['a', 'b']))

  expect(dispatch.queued()).toBe(1)
  gate.resolve()
  await vi.waitFor(() => expect(started).toEqual(['a', 'b', 'c']))
  await dispatch.stop(1000)
})

test('a run that is woken while it is driven is driven once more, not twice at a time', async () => {
  const dispatch = inProcessDispatch({ maxConcurrentRuns: 5, health: WELL, log })
  const gate = Promise.withResolvers<void>()
  let calls = 0
  dispatch.start(async () => {
    calls += 1
    if (calls === 1) await gate.promise
  })
  dispatch.wake('a')
  await vi.waitFor(() => expect(calls).toBe(1))
  dispatch.wake('a')
  dispatch.wake('a')
  expect(calls).toBe(1)
  gate.resolve()

  await vi.waitFor(() => expect(calls).toBe(2))
  await dispatch.stop(1000)
  expect(calls).toBe(2)
})

test('a run that is woken later is woken once, by the newest word, and not when it is forgotten', async () => {
  vi.useFakeTimers()
  try {
    const dispatch = inProcessDispatch({ maxConcurrentRuns: 5, health: WELL, log })
    const driven: string[] = []
    dispatch.start(async (runId) => void driven.push(runId))
    dispatch.wakeLater('a', 1000)
    dispatch.wakeLater('a', 5000)
    dispatch.wakeLater('forgotten', 1000)
    dispatch.forget('forgotten')
    // A timer that is set for so long fires at once.
    dispatch.wakeLater('next month', 2 ** 31)

    await vi.advanceTimersByTimeAsync(4999)
    expect(driven).toEqual([])
    await vi.advanceTimersByTimeAsync(2)
    expect(driven).toEqual(['a'])
    await dispatch.stop(0)
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test('a run that could not be driven is tried again', async () => {
  const dispatch = inProcessDispatch({ maxConcurrentRuns: 1, retryDelayMs: 1, health: WELL, log })
  let calls = 0
  dispatch.start(async () => {
    calls += 1
    if (calls === 1) throw new Error('disk full')
  })
  dispatch.wake('a')

  await vi.waitFor(() => expect(calls).toBe(2))
  await dispatch.stop(1000)
})

test('stopping drains, then gives up what is still driven when the grace is over', async () => {
  const dispatch = inProcessDispatch({ maxConcurrentRuns: 1, health: WELL, log })
  const seen: string[] = []
  const started = Promise.withResolvers<void>()
  dispatch.start(async (_, { drain, giveUp }) => {
    started.resolve()
    drain.addEventListener('abort', () => seen.push('drain'))
    await new Promise((resolve) => giveUp.addEventListener('abort', resolve))
    seen.push('given up')
  })
  dispatch.wake('a')
  dispatch.wake('b')
  await started.promise
  await dispatch.stop(10)

  expect(seen).toEqual(['drain', 'given up'])
})

test('nothing is driven while the database is not well, and everything once it is', async () => {
  const well = Promise.withResolvers<void>()
  const health = { whenWell: () => well.promise }
  const dispatch = inProcessDispatch({ maxConcurrentRuns: 5, health, log })
  const driven: string[] = []
  dispatch.start(async (runId) => {
    driven.push(runId)
  })
  for (const runId of ['a', 'b']) dispatch.wake(runId)
  await new Promise((resolve) => setImmediate(resolve))
  expect([driven, dispatch.queued()]).toEqual([[], 2])
  well.resolve()

  await vi.waitFor(() => expect(driven).toEqual(['a', 'b']))
  await dispatch.stop(0)
})

test('a run that the database kept from being driven waits for it, and no longer', async () => {
  let well = Promise.withResolvers<void>()
  well.resolve()
  const health = { whenWell: () => well.promise }
  const dispatch = inProcessDispatch({ maxConcurrentRuns: 1, retryDelayMs: 60_000, health, log })
  let calls = 0
  dispatch.start(async () => {
    calls += 1
    if (calls > 1) return
    well = Promise.withResolvers()
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  })
  dispatch.wake('a')
  await vi.waitFor(() => expect([calls, dispatch.queued()]).toEqual([1, 1]))
  well.resolve()

  await vi.waitFor(() => expect(calls).toBe(2))
  await dispatch.stop(0)
})

test('stopping does not wait for the database to be well', async () => {
  const health = {
    whenWell: (signal?: AbortSignal) =>
      new Promise<void>((_, reject) => signal?.addEventListener('abort', reject)),
  }
  const dispatch = inProcessDispatch({ maxConcurrentRuns: 1, health, log })
  dispatch.start(async () => {})
  dispatch.wake('a')
  await dispatch.stop(60_000)

  expect(dispatch.queued()).toBe(0)
})

test('a forgotten run is no longer counted as queued', async () => {
  const dispatch = inProcessDispatch({ maxConcurrentRuns: 1, health: WELL, log })
  dispatch.wake('a')
  dispatch.wake('b')
  dispatch.forget('a')

  expect(dispatch.queued()).toBe(1)
  await dispatch.stop(0)
})

test('a run that is woken later is driven then, and not at all once dispatch has stopped', async () => {
  const dispatch = inProcessDispatch({ maxConcurrentRuns: 1, health: WELL, log })
  const driven: string[] = []
  dispatch.start(async (runId) => {
    driven.push(runId)
  })
  dispatch.wakeLater('soon', 1)
  dispatch.wakeLater('much later', 60_000)
  await vi.waitFor(() => expect(driven).toEqual(['soon']))
  await dispatch.stop(0)

  expect(driven).toEqual(['soon'])
})
