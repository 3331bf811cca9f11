import { expect, test } from 'vitest'
import type { Database } from '../../../src/db/database.ts'
import { openDatabase } from '../../../src/db/open.ts'
import { scriptedModel } from '../../../src/llm/scripted.ts'
import { MAX_CRASHES } from '../../../src/runs/driving/crashes.ts'
import { claimRun } from '../../../src/runs/journal/claims.ts'
import { crew, lookup, task } from '../../runtime/samples.ts'
import { kickoff, startRuns } from '../start-runs.ts'

const TWO_TASKS = [crew({ tasks: [task('plan'), task('write')] })]

async function typesOf(database: Database, runId: string): Promise<readonly string[]> {
  const rows = await database.db
    .selectFrom('journal')
    .select('type')
    .where('runId', '=', runId)
    .orderBy('seq')
    .execute()
  return rows.map(({ type }) => type)
}

test('a failed run goes on from its last finished step', async () => {
  const database = await openDatabase('sqlite::memory:')
  using model = scriptedModel([
    { content: 'The plan' },
    { error: 'The key was refused.' },
    { content: 'The text' },
  ])
  const { runs, report, until, stop } = startRuns({ database, model, crews: TWO_TASKS })
  await runs.recover()
  const { id } = await runs.kickoff(kickoff)
  const failed = await until(id, 'failed')

  const retried = await runs.retry(id)
  const { run, output, tasks, current } = await until(id, 'completed')

  expect(retried).toMatchObject({ id, status: 'queued', error: null, endedAt: null })
  expect(run).toMatchObject({ error: null, progress: { completed: 2 } })
  expect(run.endedAt).toBeGreaterThanOrEqual(failed.run.endedAt ?? 0)
  expect(output).toBe('The text')
  expect(tasks).toMatchObject([
    { name: 'plan', output: 'The plan' },
    { name: 'write', output: 'The text' },
  ])
  expect(current).toBeNull()
  expect(run.progress.usage.successfulRequests).toBe(2)
  const types = await typesOf(database, id)
  expect(types.slice(types.indexOf('llm_call_failed'))).toEqual([
    'llm_call_failed',
    'task_failed',
    'crew_kickoff_failed',
    'run_retried',
    'task_started',
    'llm_call_started',
    'llm_call_completed',
    'agent_execution_completed',
    'task_completed',
    'crew_kickoff_completed',
  ])
  expect((await report(id)).run.lastSeq).toBe(types.length)
  await stop()
  await database.close()
})

test('while it goes on again, its status says what it works on, and the idle time is not counted', async () => {
  const database = await openDatabase('sqlite::memory:')
  const asked = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const second = async () => {
    asked.resolve()
    await held.promise
    return { content: 'The text' }
  }
  using model = scriptedModel([{ error: 'No.' }, second])
  const { runs, report, until, stop } = startRuns({ database, model })
  await runs.recover()
  const { id } = await runs.kickoff(kickoff)
  const { run: failed } = await until(id, 'failed')
  // As if it had been failed for an hour.
  const endedAt = (failed.endedAt ?? 0) - 3_600_000
  await database.db.updateTable('runs').set({ endedAt }).where('id', '=', id).execute()
  await runs.retry(id)
  await asked.promise

  const { run, current } = await report(id)
  expect(run).toMatchObject({ status: 'running', error: null })
  expect(current).toEqual({ task: 'write', agent: 'writer' })
  expect(run.progress.waitedMs).toBeGreaterThanOrEqual(3_600_000)
  held.resolve()
  await until(id, 'completed')
  await stop()
  await database.close()
})

test('it may fail again and be retried again', async () => {
  const database = await openDatabase('sqlite::memory:')
  using model = scriptedModel([{ error: 'One.' }, { error: 'Two.' }, { content: 'Done.' }])
  const { runs, until, stop } = startRuns({ database, model })
  await runs.recover()
  const { id } = await runs.kickoff(kickoff)
  for (const error of ['One.', 'Two.']) {
    const { run } = await until(id, 'failed')
    expect(run.error).toBe(`Task "write" failed: ${error}`)
    await runs.retry(id)
  }

  await until(id, 'completed')
  const types = await typesOf(database, id)
  expect(types.filter((type) => /failed|retried/.test(type))).toEqual([
    ...['llm_call_failed', 'task_failed', 'crew_kickoff_failed', 'run_retried'],
    ...['llm_call_failed', 'task_failed', 'crew_kickoff_failed', 'run_retried'],
  ])
  await stop()
  await database.close()
})

test('an agent that said nothing is asked again, and what was told before stays told', async () => {
  const database = await openDatabase('sqlite::memory:')
  const tool = lookup(async () => 'An insect')
  const press = crew({ tasks: [task('write', { tools: [tool] })] })
  using model = scriptedModel([
    { toolCalls: [{ name: 'look_up', arguments: { word: 'bee' } }] },
    ...Array(3).fill({ content: '' }),
    { content: 'A bee is an insect.' },
  ])
  const { runs, until, stop } = startRuns({ database, model, crews: [press] })
  await runs.recover()
  const { id } = await runs.kickoff(kickoff)
  const { run } = await until(id, 'failed')
  expect(run.error).toContain('no answer')
  await runs.retry(id)

  expect((await until(id, 'completed')).output).toBe('A bee is an insect.')
  expect(model.requests.at(-1)?.messages).toEqual(model.requests[1]?.messages)
  expect(model.requests.at(-1)?.idempotencyKey).toBe(`${id}/write/1/llm/2/retry/1`)
  await stop()
  await database.close()
})

test('a run that was failed for ending the process can be retried, too', async () => {
  const database = await openDatabase('sqlite::memory:')
  using model = scriptedModel([{ content: 'Done.' }])
  const first = startRuns({ database, model })
  const { id } = await first.runs.kickoff(kickoff)
  await first.stop()
  await database.commit((tx) => claimRun(tx, id, ['press'], Date.now()))
  await database.db.updateTable('runs').set({ crashes: MAX_CRASHES }).execute()
  const second = startRuns({ database, model })
  await second.runs.recover()
  const { run } = await second.until(id, 'failed')
  expect(run.error).toContain(`ended ${MAX_CRASHES} times`)

  await second.runs.retry(id)

  expect((await second.until(id, 'completed')).run.crashes).toBe(0)
  await second.stop()
  await database.close()
})

test('only a failed run is retried, once, and only when there is room', async () => {
  const database = await openDatabase('sqlite::memory:')
  using model = scriptedModel([{ content: 'Done.' }, { error: 'No.' }, { error: 'No.' }])
  const { runs, until, stop } = startRuns({ database, model, maxQueuedRuns: 1 })
  await runs.recover()
  const completed = await runs.kickoff(kickoff)
  await until(completed.id, 'completed')
  const failed = await runs.kickoff(kickoff)
  await until(failed.id, 'failed')

  await expect(runs.retry(completed.id)).rejects.toMatchObject({
    code: 'not_failed',
    message: 'Only an execution that has failed can be retried. This one is completed.',
  })
  await expect(runs.retry('nobody')).rejects.toMatchObject({ code: 'run_not_found' })
  const both = await Promise.allSettled([runs.retry(failed.id), runs.retry(failed.id)])
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  await until(failed.id, 'failed')
  await stop()

  const other = startRuns({ database, model, crews: [] })
  await expect(other.runs.retry(failed.id)).rejects.toMatchObject({ code: 'crew_not_found' })
  const closing = startRuns({ database, model, isAccepting: () => false })
  await expect(closing.runs.retry(failed.id)).rejects.toMatchObject({ code: 'shutting_down' })
  const full = startRuns({ database, model, maxQueuedRuns: 1 })
  await full.runs.kickoff(kickoff)
  await expect(full.runs.retry(failed.id)).rejects.toMatchObject({ code: 'queue_full' })
  await database.close()
})

test('a failure that is told only after the retry is told as it was', async () => {
  const database = await openDatabase('sqlite::memory:')
  using model = scriptedModel([{ content: 'The plan' }, { error: 'No.' }, { content: 'The text' }])
  const { runs, until, stop } = startRuns({ database, model, crews: TWO_TASKS })
  await runs.recover()
  const { id } = await runs.kickoff(kickoff)
  const { run } = await until(id, 'failed')
  await runs.retry(id)
  await until(id, 'completed')

  const message = await runs.message(id, run.lastSeq)

  expect(message).toMatchObject({
    kind: 'crew',
    report: {
      run: { status: 'failed', error: run.error, endedAt: run.endedAt },
      tasks: [{ name: 'plan' }],
      output: null,
    },
  })
  await stop()
  await database.close()
})
