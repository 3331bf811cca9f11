import { beforeEach, expect, test, vi } from 'vitest'
import type { Database } from '../../../src/db/database.ts'
import { openDatabase } from '../../../src/db/open.ts'
import { type Model, ModelUnavailable } from '../../../src/llm/model.ts'
import { newChoice } from '../../../src/llm/model-choice.ts'
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

const full = () => Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })

test('while the database takes nothing, the call is not made again', async () => {
  const database = await openDatabase('sqlite::memory:')
  const retryAt = Date.now() + HOUR_MS
  let refusals = 2
  const onEvent = (type: string) => {
    if (type !== 'llm_call_postponed' || refusals === 0) return
    refusals -= 1
    throw full()
  }
  using model = scriptedModel([unavailable(retryAt)])
  const { runs, untilPostponed, stop } = startRuns({ database, model, onEvent })
  await runs.recover()
  const { id } = await runs.kickoff(kickoff)

  await untilPostponed(id, retryAt)

  expect(refusals).toBe(0)
  expect(model.requests).toHaveLength(1)
  await stop()
  await database.close()
})

test('a run that was not left properly when it was postponed is left so by the next that drives it', async () => {
  const database = await openDatabase('sqlite::memory:')
  const retryAt = Date.now() + HOUR_MS
  using model = scriptedModel([unavailable(retryAt)])
  const first = startRuns({ database, model })
  await first.runs.recover()
  const { id } = await first.runs.kickoff(kickoff)
  await first.untilPostponed(id, retryAt)
  await first.stop()
  // As if the process had been killed between the event and this.
  await database.db.updateTable('runs').set({ retryAt: null }).where('id', '=', id).execute()
  const second = startRuns({ database, model })

  await second.runs.recover()
  await second.untilPostponed(id, retryAt)

  expect(model.requests).toHaveLength(1)
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
  const agents = ['anna', 'ben'].map((name) => agent(name, { llm: newChoice({ name }) }))
  const press = crew({ agents, tasks: [task('write', { agent: null })], process: 'hierarchical' })
  const { runs, until, untilPostponed, stop } = startRuns({
    database,
    crews: [press],
    model: ({ name }) => models[name ?? ''] ?? manager,
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
