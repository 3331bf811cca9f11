import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/db/open.ts'
import { scriptedModel } from '../../../src/llm/scripted.ts'
import { MAX_CRASHES } from '../../../src/runs/driving/crashes.ts'
import { claimRun } from '../../../src/runs/journal/claims.ts'
import { crew, task } from '../../runtime/samples.ts'
import { kickoff, startRuns } from '../start-runs.ts'

test('a finished run whose last answer cannot be recorded keeps it until it can be, and pays for nothing twice', async () => {
  const database = await openDatabase('sqlite::memory:')
  using model = scriptedModel([{ content: 'Done.' }])
  let failures = 2
  const { runs, until, stop } = startRuns({
    database,
    model,
    onEvent(type) {
      if (type !== 'crew_kickoff_completed' || failures === 0) return
      failures -= 1
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    },
  })
  await runs.recover()
  const { id } = await runs.kickoff(kickoff)
  const { run, output } = await until(id, 'completed')

  expect(failures).toBe(0)
  expect(output).toBe('Done.')
  expect(run.error).toBeNull()
  expect(model.requests.length).toBe(1)
  await stop()
  await database.close()
})

test('runs of a crew that is not served stay as they are, and go on when it is served again', async () => {
  const database = await openDatabase('sqlite::memory:')
  using model = scriptedModel([{ content: 'Done.' }])
  const first = startRuns({ database, model })
  const { id } = await first.runs.kickoff(kickoff)
  await first.stop()
  const broken = startRuns({ database, model, crews: [] })
  expect(await broken.runs.recover()).toBe(0)
  expect((await broken.runs.find(id, null)).status).toBe('queued')
  await broken.stop()
  const mended = startRuns({ database, model })

  expect(await mended.runs.recover()).toBe(1)
  await mended.until(id, 'completed')
  await mended.stop()
  await database.close()
})

test('a stop that comes while events are being recorded tells of everything that was recorded', async () => {
  const database = await openDatabase('sqlite::memory:')
  const held = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const second = async () => {
    asked.resolve()
    await held.promise
    return { content: 'Late.' }
  }
  const model = scriptedModel([{ content: 'First.' }, second])
  const crews = [crew({ tasks: [task('plan'), task('write')] })]
  const { runs, until, stop } = startRuns({ database, model, crews })
  await runs.recover()
  const { id } = await runs.kickoff(kickoff)
  await asked.promise
  // What the second call was preceded by is being recorded at this moment.
  await runs.stop(id, null)
  held.resolve()

  const { run, tasks } = await until(id, 'stopped')
  expect(run.error).toBe('The run was stopped.')
  const { seq } = await database.db
    .selectFrom('journal')
    .select('seq')
    .where('type', '=', 'run_stopped')
    .executeTakeFirstOrThrow()
  expect(seq).toBe(run.lastSeq)
  expect(tasks).toMatchObject([{ name: 'plan', output: 'First.' }])
  expect(run.progress.usage.successfulRequests).toBe(1)
  await expect(runs.stop(id, null)).rejects.toMatchObject({ code: 'already_ended' })
  await stop()
  await database.close()
})

test('no more kickoffs of one turn are accepted than may be queued', async () => {
  const database = await openDatabase('sqlite::memory:')
  using model = scriptedModel([])
  const { runs } = startRuns({ database, model, maxQueuedRuns: 3 })
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => runs.kickoff(kickoff)))

  expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(3)
  expect((await runs.list({ limit: 100 })).runs.length).toBe(3)
  await database.close()
})

test('a busy run is stopped at once', async () => {
  const database = await openDatabase('sqlite::memory:')
  const TASKS = 2_000
  const model = scriptedModel(Array(TASKS).fill({ content: 'On.' }))
  const names = Array.from({ length: TASKS }, (_, index) => `task_${index}`)
  const crews = [crew({ tasks: names.map((name) => task(name, { context: [] })) })]
  const asked = Promise.withResolvers<void>()
  const onEvent = (type: string) => type === 'task_completed' && asked.resolve()
  const { runs, stop } = startRuns({ database, model, crews, onEvent })
  await runs.recover()
  const { id } = await runs.kickoff(kickoff)
  await asked.promise
  const stopped = await runs.stop(id, null)

  expect(stopped.status).toBe('stopped')
  const run = await runs.find(id, null)
  expect(run.status).toBe('stopped')
  expect(run.progress.completed).toBeLessThan(TASKS / 2)
  await stop()
  await database.close()
})

test('a run that the process ends with again and again is failed in the end, and the others are not', async () => {
  const database = await openDatabase('sqlite::memory:')
  using model = scriptedModel([{ content: 'Done.' }])
  const first = startRuns({ database, model })
  const poison = await first.runs.kickoff(kickoff)
  await first.stop()
  for (let crash = 0; crash < MAX_CRASHES; crash += 1) {
    // Claimed, and never heard of again.
    await database.commit((tx) => claimRun(tx, poison.id, ['press'], Date.now()))
    const next = startRuns({ database, model })
    await next.stop()
    if (crash < MAX_CRASHES - 1) await next.runs.recover()
  }
  const last = startRuns({ database, model })
  const other = await last.runs.kickoff(kickoff)
  await last.runs.recover()

  const failed = await last.until(poison.id, 'failed')
  expect(failed.run.error).toContain(`ended ${MAX_CRASHES} times`)
  await last.until(other.id, 'completed')
  await last.stop()
  await database.close()
})

test('a run that was given back when the process ended is not held to have crashed it', async () => {
  const database = await openDatabase('sqlite::memory:')
  using model = scriptedModel([{ content: 'Done.' }])
  const first = startRuns({ database, model })
  const { id } = await first.runs.kickoff(kickoff)
  await database.commit((tx) => claimRun(tx, id, ['press'], Date.now()))
  await first.runs.release()
  await first.stop()
  const second = startRuns({ database, model })
  await second.runs.recover()

  expect((await second.until(id, 'completed')).run.crashes).toBe(0)
  await second.stop()
  await database.close()
})

test('a stopped run gives its place in the queue back', async () => {
  const database = await openDatabase('sqlite::memory:')
  using model = scriptedModel([])
  const { runs } = startRuns({ database, model, maxQueuedRuns: 1 })
  const { id } = await runs.kickoff(kickoff)
  await expect(runs.kickoff(kickoff)).rejects.toMatchObject({ code: 'queue_full' })
  await runs.stop(id, null)

  await expect(runs.kickoff(kickoff)).resolves.toMatchObject({ status: 'queued' })
  await database.close()
})

test('a run whose stop cannot be recorded goes on', async () => {
  const database = await openDatabase('sqlite::memory:')
  const asked = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const first = async () => {
    asked.resolve()
    await held.promise
    return { content: 'Given up.' }
  }
  const model = scriptedModel([first, { content: 'Done.' }])
  const { runs, until, stop } = startRuns({
    database,
    model,
    onEvent(type) {
      if (type === 'run_stopped') throw new Error('database or disk is full')
    },
  })
  await runs.recover()
  const { id } = await runs.kickoff(kickoff)
  await asked.promise
  await expect(runs.stop(id, null)).rejects.toThrow('database or disk is full')
  held.resolve()

  expect((await until(id, 'completed')).output).toBe('Done.')
  await stop()
  await database.close()
})
