import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/db/open.ts'
import { NO_USAGE } from '../../../src/llm/model.ts'
import type { RunFact } from '../../../src/runs/event.ts'
import { claimRun } from '../../../src/runs/journal/claims.ts'
import { createJournal, type Entry, type Follower } from '../../../src/runs/journal/journal.ts'
import { findInputs, findRun } from '../../../src/runs/journal/store.ts'
import { queuedRun } from '../../harness/run.ts'

const queued: RunFact = { type: 'run_queued', data: { crew: 'research' } }
const started: RunFact = { type: 'crew_kickoff_started', data: { crew: 'research' } }
const entry = (key: string, output: string | null = null): Entry => {
  return { fact: started, at: 2, key, output }
}

async function openJournal(...followers: readonly Follower[]) {
  const database = await openDatabase('sqlite::memory:')
  const journal = createJournal({ database, followers })
  const claim = async (runId: string) => {
    const run = await database.commit((tx) => claimRun(tx, runId, ['research'], 2_000))
    if (run === undefined) throw new Error('nothing to claim')
    return run
  }
  /** Events of a run, in order. */
  const read = (runId: string) =>
    database.db
      .selectFrom('journal')
      .selectAll()
      .where('runId', '=', runId)
      .orderBy('seq')
      .execute()
  return { database, journal, claim, read, [Symbol.asyncDispose]: () => database.close() }
}

test('events of a run are numbered from 1 without gaps, however many are appended at once', async () => {
  await using opened = await openJournal()
  const { journal } = opened
  const run = queuedRun()
  await journal.open(run, queued)
  const claimed = await opened.claim(run.id)
  await Promise.all([
    journal.append(claimed, () => [entry('a'), entry('b')]),
    journal.append(claimed, () => [entry('c')]),
    journal.append(claimed, () => [entry('d'), entry('e')]),
  ])

  const events = await opened.read(run.id)
  expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
})

test('a writer whose run was claimed again is refused and leaves nothing behind', async () => {
  await using opened = await openJournal()
  const { journal } = opened
  const run = queuedRun()
  await journal.open(run, queued)
  const first = await opened.claim(run.id)
  const second = await opened.claim(run.id)

  expect(await journal.append(first, () => [entry('zombie')])).toBeNull()
  expect(await journal.append(second, () => [entry('owner')])).not.toBeNull()
  expect((await opened.read(run.id)).map(({ key }) => key)).toEqual([null, 'owner'])
})

test('no write leaves a final status', async () => {
  await using opened = await openJournal()
  const { journal, database } = opened
  const run = queuedRun()
  await journal.open(run, queued)
  const claimed = await opened.claim(run.id)
  const completed = { status: 'completed', endedAt: 2 } as const
  await journal.append(claimed, () => [{ ...entry('a'), patch: completed }])

  const failed = { ...entry('b'), patch: { status: 'failed' } } as const
  expect(await journal.append(claimed, () => [failed])).toBeNull()
  await expect(opened.claim(run.id)).rejects.toThrow('nothing to claim')
  expect(await findRun(database.db, run.id)).toMatchObject({ status: 'completed', endedAt: 2 })
})

test('a step is recalled with its output and the instant it was recorded', async () => {
  await using opened = await openJournal()
  const { journal } = opened
  const run = queuedRun()
  await journal.open(run, queued)
  const claimed = await opened.claim(run.id)
  await journal.append(claimed, () => [
    { ...entry('step', 'Grüße'), at: 7 },
    { ...entry('fact'), at: 9 },
  ])

  expect(await journal.recall({ id: run.id, lastSeq: 3 })).toEqual(
    new Map([
      ['step', { at: 7, fact: started, output: 'Grüße' }],
      ['fact', { at: 9, fact: started, output: null }],
    ]),
  )
})

test('a step cannot be recorded twice under one key', async () => {
  await using opened = await openJournal()
  const { journal } = opened
  const run = queuedRun()
  await journal.open(run, queued)
  const claimed = await opened.claim(run.id)
  await journal.append(claimed, () => [entry('step', '1')])

  await expect(journal.append(claimed, () => [entry('step', '2')])).rejects.toThrow('UNIQUE')
  expect((await opened.read(run.id)).map(({ output }) => output)).toEqual([null, '1'])
})

test('an event whose consequence cannot be written is not recorded either', async () => {
  await using opened = await openJournal(async (_tx, _run, [event]) => {
    if (event?.type === 'crew_kickoff_started') throw new Error('no room for the webhook')
    return undefined
  })
  const { journal } = opened
  const run = queuedRun()
  await journal.open(run, queued)
  const claimed = await opened.claim(run.id)

  await expect(journal.append(claimed, () => [entry('a')])).rejects.toThrow('no room')
  expect((await opened.read(run.id)).length).toBe(1)
})

test('the progress of a run is brought forward in the commit of each event', async () => {
  await using opened = await openJournal()
  const { journal, database } = opened
  const run = queuedRun()
  await journal.open(run, queued)
  const claimed = await opened.claim(run.id)
  const where = { task: 'write', agent: 'writer' }
  const completed = { outputStep: 'a', characters: 9, executionTimeMs: 1, usage: NO_USAGE }
  const said = (fact: RunFact): Entry => ({ fact, at: 2, key: fact.type, output: null })
  await journal.append(claimed, () => [said({ type: 'task_started', data: where })])
  const underway = await findRun(database.db, run.id)
  await journal.append(claimed, () => [
    said({ type: 'task_completed', data: { ...where, ...completed } }),
  ])
  const finished = await findRun(database.db, run.id)

  expect(underway?.progress).toMatchObject({ completed: 0, current: [where] })
  expect(finished?.progress).toMatchObject({ completed: 1, current: [], outputCharacters: 9 })
})

test('a run whose inputs are long keeps them whole, and short ones beside them to be shown', async () => {
  await using opened = await openJournal()
  const { journal, database } = opened
  const run = queuedRun({ inputs: { file: 'x'.repeat(5_000), topic: 'bees' } })
  await journal.open(run, queued)

  expect(await findInputs(database.db, run.id)).toEqual(run.inputs)
  const found = await findRun(database.db, run.id)
  expect(found?.shownInputs).toEqual({ file: `${'x'.repeat(1_000)}…`, topic: 'bees' })
})
