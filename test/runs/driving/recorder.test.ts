import { afterEach, expect, test, vi } from 'vitest'
import { openDatabase } from '../../../src/db/open.ts'
import { createRecorder } from '../../../src/runs/driving/recorder.ts'
import { createJournal } from '../../../src/runs/journal/journal.ts'
import { queuedRun } from '../../harness/run.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('a clock that is put back shortens nothing', async () => {
  await using stack = new AsyncDisposableStack()
  const database = stack.adopt(await openDatabase('sqlite::memory:'), (one) => one.close())
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  const run = { ...queuedRun(), startedAt: Date.now() }
  const journal = createJournal({ database, followers: [] })
  const { signal } = new AbortController()
  const recorder = createRecorder({
    run,
    journal,
    health: database.health,
    mask: (text) => text,
    signal,
  })
  const before = recorder.now()

  vi.advanceTimersByTime(1_000)
  vi.setSystemTime(before - 3_600_000)
  expect(recorder.now() - before).toBe(1_000)
  vi.advanceTimersByTime(500)
  expect(recorder.now() - before).toBe(1_500)
  vi.setSystemTime(before + 60_000)
  expect(recorder.now() - before).toBe(60_000)
})
