import { beforeEach, expect, test, vi } from 'vitest'
import { openDatabase } from '../../../src/db/open.ts'
import type { Model, ModelRequest } from '../../../src/llm/model.ts'
import { retry } from '../../../src/llm/retry.ts'
import { kickoff, startRuns } from '../start-runs.ts'

const HOUR_MS = 3_600_000
const ERROR = 'Model scripted/model at host answered 503.'

// Time passes only as far as a test lets it.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
  return () => vi.useRealTimers()
})

/** On the clock of the test, which Node's own promise of a timer is not. */
const shortWait = (waitMs: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, waitMs)
  })

/** A model of a provider that is down until then. It tries as the real one does. */
function modelDownUntil(upAt: number, horizonMs: number) {
  const calls: { readonly key: string; readonly at: number }[] = []
  const usage = {
    totalTokens: 1,
    promptTokens: 1,
    cachedPromptTokens: 0,
    completionTokens: 0,
    reasoningTokens: 0,
    successfulRequests: 1,
  }
  const reply = { content: 'Done.', toolCalls: [], finishReason: 'stop', usage }
  const down = {
    ok: false,
    message: ERROR,
    isPassing: true,
    isThrottled: false,
    retryAfterMs: null,
  } as const
  const model: Model = {
    name: 'scripted/model',
    simulated: false,
    complete: ({ idempotencyKey, failing }: ModelRequest, signal) =>
      retry(
        async () => {
          calls.push({ key: idempotencyKey, at: Date.now() })
          return Date.now() < upAt ? down : { ok: true, value: reply }
        },
        { signal, failing: failing ?? null, horizonMs, onWait: () => {}, wait: shortWait },
      ),
  }
  return { model, calls }
}

/** Lets time pass in small steps; what is due gets its turn, the database too. */
async function pass(durationMs: number, until: () => boolean): Promise<void> {
  for (let passedMs = 0; passedMs < durationMs && !until(); passedMs += 500) {
    await vi.advanceTimersByTimeAsync(500)
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  }
}

test('thirty runs with two places get over ten minutes without the provider', async () => {
  const database = await openDatabase('sqlite::memory:')
  const upAt = Date.now() + 600_000
  const { model, calls } = modelDownUntil(upAt, 24 * HOUR_MS)
  let ended = 0
  const onEvent = (type: string) => {
    if (type === 'crew_kickoff_completed' || type === 'crew_kickoff_failed') ended += 1
  }
  const { runs, stop } = startRuns({ database, model, onEvent, maxConcurrentRuns: 2 })
  await runs.recover()
  const all = await Promise.all(Array.from({ length: 30 }, () => runs.kickoff(kickoff)))

  await pass(1_200_000, () => ended === all.length)

  const found = await Promise.all(all.map(({ id }) => runs.find(id, null)))
  expect(found.map(({ status }) => status)).toEqual(Array(30).fill('completed'))
  // At most 3 min after it was over, and never hammering: some 11 attempts in ten minutes.
  expect(Date.now() - upAt).toBeLessThan(200_000)
  expect(calls.length).toBeLessThan(30 * 16)
  await stop()
  await database.close()
})

test('a run whose provider does not come back fails at the horizon, and says so', async () => {
  const database = await openDatabase('sqlite::memory:')
  const { model, calls } = modelDownUntil(Number.POSITIVE_INFINITY, 300_000)
  let isFailed = false
  const onEvent = (type: string) => {
    isFailed ||= type === 'crew_kickoff_failed'
  }
  const { runs, stop } = startRuns({ database, model, onEvent })
  await runs.recover()
  const { id } = await runs.kickoff(kickoff)

  await pass(400_000, () => isFailed)

  expect(await runs.find(id, null)).toMatchObject({
    status: 'failed',
    error: `Task "write" failed: ${ERROR} Given up after ${calls.length} attempts in 5 min.`,
    progress: { postponed: [] },
  })
  await stop()
  await database.close()
})
