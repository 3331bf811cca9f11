import { expect, test, vi } from 'vitest'
import { Interruption } from '../../../src/crew/host.ts'
import { openDatabase } from '../../../src/db/open.ts'
import { durableHost, WaitForAnswer } from '../../../src/runs/driving/durable-host.ts'
import { createRecorder, JournalFailed } from '../../../src/runs/driving/recorder.ts'
import { claimRun } from '../../../src/runs/journal/claims.ts'
import { createJournal, type Entry } from '../../../src/runs/journal/journal.ts'
import { fact, question, testHost } from '../../harness/host-contract.ts'
import { queuedRun } from '../../harness/run.ts'

const step = (key: string, effect: (signal: AbortSignal) => Promise<string>) => ({
  key,
  started: fact().event,
  effect: async ({ signal }: { readonly signal: AbortSignal }) => fact(await effect(signal)),
})

async function openHost() {
  const database = await openDatabase('sqlite::memory:')
  const journal = createJournal({ database, followers: [] })
  const run = queuedRun()
  await journal.open(run, { type: 'run_queued', data: { crew: run.crew } })
  const stop = new AbortController()
  const drain = new AbortController()
  const claim = async () => {
    const claimed = await database.commit((tx) => claimRun(tx, run.id, [run.crew], 2))
    if (claimed === undefined) throw new Error('nothing to claim')
    const memory = await journal.recall(claimed)
    const model = () => {
      throw new Error('no model here')
    }
    const signals = { signal: stop.signal, drain: drain.signal }
    const { signal } = stop
    const { health } = database
    const recorder = createRecorder({ run: claimed, journal, health, mask: (text) => text, signal })
    const { postponed } = claimed.progress
    const parts = { meta: {}, recorder, memory, postponed, model, ...signals }
    const host = durableHost({ runId: run.id, meetCode: async () => {}, ...parts })
    return { ...host, record: () => recorder.write() }
  }
  /** Keys, in the order they were recorded. */
  const recorded = async () => {
    const rows = await database.db.selectFrom('journal').select('key').orderBy('seq').execute()
    return rows.flatMap(({ key }) => key ?? [])
  }
  const answer = async (key: string, given: { approved: boolean; feedback: string }) => {
    const about = { requestId: 'q1', digest: 'd', task: 'write', waitedMs: 5 }
    const data = { ...about, ...given }
    const entry: Entry = {
      fact: { type: 'human_feedback_received', data },
      at: 3,
      key,
      output: null,
    }
    await journal.append({ ...run, status: 'running', epoch: 1 }, () => [entry])
  }
  const close = () => database.close()
  const dispose = { [Symbol.asyncDispose]: close }
  return { database, journal, run, stop, drain, claim, recorded, answer, close, ...dispose }
}

testHost('the durable host', async (given) => {
  const { claim, answer, close } = await openHost()
  await claim()
  await answer('write/1/human', given)
  return { host: await claim(), close }
})

test('a recorded step returns its result to the next claim without being done again', async () => {
  await using opened = await openHost()
  const effect = vi.fn(async () => 'paid')
  const first = await opened.claim()
  expect(await first.step(step('llm/1', effect))).toMatchObject({ output: 'paid' })
  await first.record()
  const second = await opened.claim()

  expect(await second.step(step('llm/1', effect))).toMatchObject({ output: 'paid' })
  expect(effect).toHaveBeenCalledTimes(1)
})

test('a fact is recorded once under its key and keeps its first instant', async () => {
  await using opened = await openHost()
  const first = await opened.claim()
  const { at } = first.emit('started', fact())
  await first.record()
  const second = await opened.claim()

  expect(second.emit('started', fact()).at).toBe(at)
  await second.record()
  expect(await opened.recorded()).toEqual(['started'])
})

test('what was said before a step is on disk when the step begins', async () => {
  await using opened = await openHost()
  const host = await opened.claim()
  host.emit('started', fact())
  let seen: readonly string[] = []
  await host.step(
    step('llm/1', async () => {
      seen = await opened.recorded()
      return 'done'
    }),
  )

  expect(seen).toEqual(['started', 'llm/1/started'])
})

test('a result is recorded by itself, together with what follows from it at once', async () => {
  await using opened = await openHost()
  const host = await opened.claim()
  const { commit } = opened.database
  await host.step(step('llm/1', async () => 'done'))
  host.emit('completed', fact())
  // Nobody writes, and the next commit stands behind that of the result.
  await commit(async () => {})

  expect(await opened.recorded()).toEqual(['llm/1/started', 'llm/1', 'completed'])
})

test('a step whose outcome is unknown is told that it is a repeat', async () => {
  await using opened = await openHost()
  const first = await opened.claim()
  const failing = step('tool/1', async () => {
    throw new Error('killed')
  })
  await first.step(failing).catch(() => {})
  const second = await opened.claim()
  const effect = vi.fn(async () => fact('again'))

  await second.step({ key: 'tool/1', started: fact().event, effect })
  expect(effect).toHaveBeenCalledExactlyOnceWith({
    signal: second.signal,
    isRepeat: true,
    retries: 0,
    failing: null,
  })
})

test('a step that fails is not recorded', async () => {
  await using opened = await openHost()
  const host = await opened.claim()
  const failing = step('llm/1', async () => {
    throw new Error('the provider is down')
  })

  await expect(host.step(failing)).rejects.toThrow('the provider is down')
  await host.record()
  expect(await opened.recorded()).toEqual(['llm/1/started'])
})

test('a host whose run was claimed elsewhere is interrupted before its next effect', async () => {
  await using opened = await openHost()
  const stale = await opened.claim()
  await opened.claim()
  const effect = vi.fn(async () => 'late')

  await expect(stale.step(step('llm/1', effect))).rejects.toBeInstanceOf(Interruption)
  expect(effect).not.toHaveBeenCalled()
  expect(await opened.recorded()).toEqual([])
})

test('a draining host finishes and records the step in flight and begins no other', async () => {
  await using opened = await openHost()
  const host = await opened.claim()
  const inFlight = step('llm/1', async () => {
    opened.drain.abort()
    return 'in flight'
  })

  expect(await host.step(inFlight)).toMatchObject({ output: 'in flight' })
  await expect(host.step(step('llm/2', async () => 'next'))).rejects.toBeInstanceOf(Interruption)
  await host.record()
  expect(await opened.recorded()).toEqual(['llm/1/started', 'llm/1'])
})

test('a stopped host leaves with the reason of the stop, whatever the aborted call threw', async () => {
  await using opened = await openHost()
  const host = await opened.claim()
  const reason = new Interruption('The run was stopped.')
  const aborted = step('llm/1', async (signal) => {
    opened.stop.abort(reason)
    throw new Error(`socket closed: ${signal.aborted}`)
  })

  await expect(host.step(aborted)).rejects.toBe(reason)
})

test('a question without an answer makes the run wait', async () => {
  await using opened = await openHost()
  const host = await opened.claim()
  await expect(host.ask(question('reply/1/human'))).rejects.toBeInstanceOf(WaitForAnswer)
})

test('a journal that cannot be written interrupts the run instead of failing it', async () => {
  await using opened = await openHost()
  const host = await opened.claim()
  await host.step(step('llm/1', async () => 'a'))

  // The key is taken by then: a failure of the database as any other.
  await expect(host.step(step('llm/1', async () => 'b'))).rejects.toBeInstanceOf(JournalFailed)
})
