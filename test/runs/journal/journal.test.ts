import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/db/open.ts'
import type { RunFact } from '../../../src/runs/event.ts'
import { type AfterAppend, createJournal } from '../../../src/runs/journal/journal.ts'
import { claimRun, findRun } from '../../../src/runs/journal/store.ts'
import { queuedRun } from '../../harness/run.ts'

const queued: RunFact = { type: 'run_queued', data: { tasks: [] } }
const started: RunFact = { type: 'crew_kickoff_started', data: { crew: 'research', inputs: {} } }

async function openJournal(afterAppend: AfterAppend = async () => undefined) {
  const database = await openDatabase('sqlite::memory:')
  const journal = createJournal({ database, afterAppend })
  const claim = async (runId: string) => {
    const run = await database.commit((tx) => claimRun(tx, runId, ['research'], 2_000))
    if (run === undefined) throw new Error('nothing to claim')
    return run
  }
  return { database, journal, claim, [Symbol.asyncDispose]: () => database.close() }
}

test('events of a run are numbered from 1 without gaps, however many are appended at once', async () => {
  await using opened = await openJournal()
  const { journal } = opened
  const run = queuedRun()
  await journal.open(run, { fact: queued, at: 1 })
  const claimed = await opened.claim(run.id)
  const entry = (key: string) => ({ fact: started, at: 2, key })
  await Promise.all([
    journal.append(claimed, [entry('a'), entry('b')]),
    journal.append(claimed, [entry('c')]),
    journal.append(claimed, [entry('d'), entry('e')]),
  ])

  const events = await journal.read(run.id)
  expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
})

test('a writer whose run was claimed again is refused and leaves nothing behind', async () => {
  await using opened = await openJournal()
  const { journal } = opened
  const run = queuedRun()
  await journal.open(run, { fact: queued, at: 1 })
  const first = await opened.claim(run.id)
  const second = await opened.claim(run.id)

  expect(await journal.append(first, [{ fact: started, at: 2, key: 'zombie' }])).toBe(false)
  expect(await journal.append(second, [{ fact: started, at: 2, key: 'owner' }])).toBe(true)
  expect([...(await journal.recall(run.id)).keys()]).toEqual(['owner'])
})

test('no write leaves a final status', async () => {
  await using opened = await openJournal()
  const { journal, database } = opened
  const run = queuedRun()
  await journal.open(run, { fact: queued, at: 1 })
  const claimed = await opened.claim(run.id)
  await journal.append(claimed, [{ fact: started, at: 2 }], { status: 'completed', output: 'done' })

  expect(await journal.append(claimed, [{ fact: started, at: 3 }], { status: 'failed' })).toBe(
    false,
  )
  await expect(opened.claim(run.id)).rejects.toThrow('nothing to claim')
  expect(await findRun(database.db, run.id)).toMatchObject({ status: 'completed', output: 'done' })
})

test('a step is recalled with its result and the instant it was recorded', async () => {
  await using opened = await openJournal()
  const { journal } = opened
  const run = queuedRun()
  await journal.open(run, { fact: queued, at: 1 })
  const claimed = await opened.claim(run.id)
  await journal.append(claimed, [
    { fact: started, at: 7, key: 'step', result: { content: 'Grüße', toolCalls: [] } },
    { fact: started, at: 8, key: 'nothing', result: null },
    { fact: started, at: 9, key: 'fact' },
  ])

  expect(await journal.recall(run.id)).toEqual(
    new Map([
      ['step', { at: 7, result: { content: 'Grüße', toolCalls: [] } }],
      ['nothing', { at: 8, result: null }],
      ['fact', { at: 9, result: undefined }],
    ]),
  )
})

test('a step cannot be recorded twice under one key', async () => {
  await using opened = await openJournal()
  const { journal } = opened
  const run = queuedRun()
  await journal.open(run, { fact: queued, at: 1 })
  const claimed = await opened.claim(run.id)
  await journal.append(claimed, [{ fact: started, at: 2, key: 'step', result: 1 }])

  await expect(
    journal.append(claimed, [{ fact: started, at: 3, key: 'step', result: 2 }]),
  ).rejects.toThrow('UNIQUE')
  expect((await journal.recall(run.id)).get('step')?.result).toBe(1)
})

test('an event whose consequence cannot be written is not recorded either', async () => {
  await using opened = await openJournal(async (_tx, _run, [event]) => {
    if (event?.type === 'crew_kickoff_started') throw new Error('no room for the webhook')
    return undefined
  })
  const { journal } = opened
  const run = queuedRun()
  await journal.open(run, { fact: queued, at: 1 })
  const claimed = await opened.claim(run.id)

  await expect(journal.append(claimed, [{ fact: started, at: 2 }])).rejects.toThrow('no room')
  expect((await journal.read(run.id)).length).toBe(1)
})
