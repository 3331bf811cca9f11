import { beforeEach, expect, test, vi } from 'vitest'
import type { Database } from '../../../src/db/database.ts'
import { openDatabase } from '../../../src/db/open.ts'
import { type Model, type ModelRequest, ModelUnavailable } from '../../../src/llm/model.ts'
import { retry } from '../../../src/llm/retry.ts'
import { scriptedModel } from '../../../src/llm/scripted.ts'
import { agent, crew, task } from '../../runtime/samples.ts'
import { kickoff, startRuns } from '../start-runs.ts'

const HOUR_MS = 3_600_000
const ERROR = 'Model scripted/model at host answered 503.'

// Time passes by itself only as fast as is waited for something.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
  return () => vi.useRealTimers()
})

/** A step of a script: the model cannot be had until then. */
function unavailable(retryAt: number, failing = { since: Date.now(), attempts: 5 }) {
  return () => {
    throw new ModelUnavailable(ERROR, { retryAt, failing })
  }
}

async function eventsOf(database: Database, runId: string) {
  const rows = await database.db
    .selectFrom('journal')
    .select(['type', 'key', 'data'])
    .where('runId', '=', runId)
    .orderBy('seq')
    .execute()
  return rows.map(({ type, key, data }) => ({ type, key, data: JSON.parse(data) }))
}

test('a run that must wait long leaves its place to others, and says why and until when', async () => {
  const database = await openDatabase('sqlite::memory:')
  const retryAt = Date.now() + HOUR_MS
  using model = scriptedModel([unavailable(retryAt), { content: 'Done.' }])
  const { runs, report, until, stop } = startRuns({ database, model, maxConcurrentRuns: 1 })
  await runs.recover()

  const { id } = await runs.kickoff(kickoff)
  const other = await runs.kickoff(kickoff)
  await until(other.id, 'completed')

  const { run, current } = await report(id)
  expect(run).toMatchObject({ status: 'running', retryAt, error: null, endedAt: null })
  expect(run.progress.postponed).toMatchObject([
    { step: 'write/1/llm/1', attempts: 5, retryAt, error: ERROR },
  ])
  expect(current).toEqual({ task: 'write', agent: 'writer' })
  expect((await eventsOf(database, id)).at(-1)).toMatchObject({
    type: 'llm_call_postponed',
    key: null,
    data: {
      task: 'write',
      agent: 'writer',
      model: 'scripted/model',
      step: 'write/1/llm/1',
      error: ERROR,
      attempts: 5,
      since: expect.any(Number),
      retryAt,
    },
  })
  await stop()
  await database.close()
})

test('when its time has come it goes on, and the call is told since when it fails', async () => {
  const database = await openDatabase('sqlite::memory:')
  const failing = { since: 1000, attempts: 5 }
  let retryAt = 0
  let calledAt = 0
  using model = scriptedModel([
    () => {
      retryAt = Date.now() + 300
      return unavailable(retryAt, failing)()
    },
    () => {
      calledAt = Date.now()
      return { content: 'Done.' }
    },
  ])
  const { runs, until, stop } = startRuns({ database, model })
  await runs.recover()
  const { id } = await runs.kickoff(kickoff)
  const { run, output } = await until(id, 'completed')

  expect(output).toBe('Done.')
  expect(calledAt).toBeGreaterThanOrEqual(retryAt)
  expect(model.requests[0]?.failing).toBeUndefined()
  expect(model.requests[1]?.failing).toMatchObject(failing)
  expect(run).toMatchObject({ retryAt: null, progress: { postponed: [] } })
  const types = (await eventsOf(database, id)).map(({ type }) => type)
  expect(types.filter((type) => type.startsWith('llm_call'))).toEqual([
    'llm_call_started',
    'llm_call_postponed',
    'llm_call_completed',
  ])
  await stop()
  await database.close()
})

test('a restart calls nothing before the time, and counts no crash for a run that nobody drove', async () => {
  const database = await openDatabase('sqlite::memory:')
  const retryAt = Date.now() + HOUR_MS
  using model = scriptedModel([unavailable(retryAt), { content: 'Done.' }])
  const first = startRuns({ database, model })
  await first.runs.recover()
  const { id } = await first.runs.kickoff(kickoff)
  const before = await first.untilPostponed(id, retryAt)
  await first.runs.release()
  await first.stop()

  const second = startRuns({ database, model, maxConcurrentRuns: 1 })
  expect(await second.runs.recover()).toBe(1)
  // A wake-up that comes too early changes nothing either.
  second.dispatch.wake(id)
  const other = await second.runs.kickoff(kickoff)
  await second.until(other.id, 'completed')

  expect(model.requests).toHaveLength(2)
  expect(await second.runs.find(id, null)).toEqual(before)
  await second.stop()
  await database.close()
})

test('after a restart it goes on at its time', async () => {
  const database = await openDatabase('sqlite::memory:')
  const retryAt = Date.now() + 300
  let calledAt = 0
  const done = () => {
    calledAt = Date.now()
    return { content: 'Done.' }
  }
  using model = scriptedModel([unavailable(retryAt), done])
  const first = startRuns({ database, model })
  await first.runs.recover()
  const { id } = await first.runs.kickoff(kickoff)
  await first.untilPostponed(id, retryAt)
  await first.stop()
  const second = startRuns({ database, model })
  await second.runs.recover()
  // Too early: it is woken again when it is time.
  second.dispatch.wake(id)

  await second.until(id, 'completed')
  expect(calledAt).toBeGreaterThanOrEqual(retryAt)
  await second.stop()
  await database.close()
})

test('a stop ends a postponed run at once', async () => {
  const database = await openDatabase('sqlite::memory:')
  const retryAt = Date.now() + HOUR_MS
  using model = scriptedModel([unavailable(retryAt)])
  const { runs, until, untilPostponed, report, stop } = startRuns({ database, model })
  await runs.recover()
  const { id } = await runs.kickoff(kickoff)
  await untilPostponed(id, retryAt)

  await runs.stop(id, null)

  const { run } = await until(id, 'stopped')
  expect(run).toMatchObject({ retryAt: null, progress: { postponed: [] } })
  expect((await report(id)).current).toBeNull()
  await stop()
  await database.close()
})

test('of two calls side by side each is made at its own time', async () => {
  const database = await openDatabase('sqlite::memory:')
  const delegate = (coworker: string) => ({
    name: 'delegate_work_to_coworker',
    arguments: { task: 'Find facts', context: '', coworker },
  })
  const sooner = Date.now() + 500
  const later = sooner + 500
  const calledAt: Record<string, number> = {}
  const answering = (name: string) => () => {
    calledAt[name] = Date.now()
    return { content: `Facts of ${name}` }
  }
  using manager = scriptedModel([
    { toolCalls: [delegate('anna'), delegate('ben')] },
    { content: 'The report' },
  ])
  using anna = scriptedModel([unavailable(later), answering('anna')])
  using ben = scriptedModel([unavailable(sooner), answering('ben')])
  const models: Record<string, Model> = { anna, ben }
  const agents = ['anna', 'ben'].map((name) => agent(name, { llm: name }))
  const press = crew({ agents, tasks: [task('write', { agent: null })], process: 'hierarchical' })
  const { runs, until, untilPostponed, stop } = startRuns({
    database,
    crews: [press],
    model: (llm) => models[llm ?? ''] ?? manager,
  })
  await runs.recover()
  const { id } = await runs.kickoff(kickoff)

  const { progress } = await untilPostponed(id, sooner)
  expect(progress.postponed).toHaveLength(2)
  await untilPostponed(id, later)
  await until(id, 'completed')
  expect(calledAt['ben']).toBeGreaterThanOrEqual(sooner)
  expect(calledAt['anna']).toBeGreaterThanOrEqual(later)
  expect(anna.requests).toHaveLength(2)
  await stop()
  await database.close()
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
