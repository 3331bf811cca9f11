import { expect, test, vi } from 'vitest'
import type { CrewEvent } from '../../../src/crew/events.ts'
import { Interruption } from '../../../src/crew/host.ts'
import { openDatabase } from '../../../src/db/open.ts'
import { durableHost, JournalFailed, WaitForHuman } from '../../../src/runs/driving/durable-host.ts'
import { createJournal } from '../../../src/runs/journal/journal.ts'
import { claimRun } from '../../../src/runs/journal/store.ts'
import { queuedRun } from '../../harness/run.ts'

const started: CrewEvent = { type: 'crew_kickoff_started', data: { crew: 'research', inputs: {} } }
const stepOf = (key: string, effect: (signal: AbortSignal) => Promise<string>) => ({
  key,
  effect,
  event: (): CrewEvent => started,
})

async function openHost() {
  const database = await openDatabase('sqlite::memory:')
  const journal = createJournal({ database, afterAppend: async () => undefined })
  const run = queuedRun()
  await journal.open(run, { fact: { type: 'run_queued', data: { tasks: [] } }, at: 1 })
  const stop = new AbortController()
  const drain = new AbortController()
  const claim = async () => {
    const claimed = await database.commit((tx) => claimRun(tx, run.id, [run.crew], 2))
    if (claimed === undefined) throw new Error('nothing to claim')
    const memory = await journal.recall(run.id)
    const model = () => {
      throw new Error('no model here')
    }
    const signals = { signal: stop.signal, drain: drain.signal }
    return durableHost({ run: claimed, journal, memory, model, ...signals })
  }
  const dispose = () => database.close()
  return { database, journal, run, stop, drain, claim, [Symbol.asyncDispose]: dispose }
}

test('a recorded step returns its result to the next claim without being done again', async () => {
  await using opened = await openHost()
  const effect = vi.fn(async () => 'paid')
  const first = await opened.claim()
  expect(await first.step(stepOf('llm/1', effect))).toBe('paid')
  const second = await opened.claim()

  expect(await second.step(stepOf('llm/1', effect))).toBe('paid')
  expect(effect).toHaveBeenCalledTimes(1)
})

test('a fact is recorded once under its key and keeps its first instant', async () => {
  await using opened = await openHost()
  const first = await opened.claim()
  const at = first.emit('started', started)
  await first.flush()
  const second = await opened.claim()

  expect(second.emit('started', started)).toBe(at)
  await second.flush()
  expect((await opened.journal.read(opened.run.id)).length).toBe(2)
})

test('what was said before a step is recorded while the step is being done', async () => {
  await using opened = await openHost()
  const host = await opened.claim()
  host.emit('started', started)
  let seen = 0
  await host.step(
    stepOf('llm/1', async () => {
      await vi.waitFor(async () => {
        seen = (await opened.journal.read(opened.run.id)).length
        expect(seen).toBe(2)
      })
      return 'done'
    }),
  )

  expect(seen).toBe(2)
})

test('a step that fails is not recorded', async () => {
  await using opened = await openHost()
  const host = await opened.claim()
  const failing = stepOf('llm/1', async () => {
    throw new Error('the provider is down')
  })

  await expect(host.step(failing)).rejects.toThrow('the provider is down')
  expect((await opened.journal.recall(opened.run.id)).size).toBe(0)
})

test('a host whose run was claimed elsewhere is interrupted at its next step', async () => {
  await using opened = await openHost()
  const stale = await opened.claim()
  await opened.claim()

  await expect(stale.step(stepOf('llm/1', async () => 'late'))).rejects.toBeInstanceOf(Interruption)
  expect((await opened.journal.recall(opened.run.id)).size).toBe(0)
})

test('a draining host finishes and records the step in flight and begins no other', async () => {
  await using opened = await openHost()
  const host = await opened.claim()
  const inFlight = stepOf('llm/1', async () => {
    opened.drain.abort()
    return 'in flight'
  })

  expect(await host.step(inFlight)).toBe('in flight')
  await expect(host.step(stepOf('llm/2', async () => 'next'))).rejects.toBeInstanceOf(Interruption)
  expect([...(await opened.journal.recall(opened.run.id)).keys()]).toEqual(['llm/1'])
})

test('a stopped host leaves with the reason of the stop, whatever the aborted call threw', async () => {
  await using opened = await openHost()
  const host = await opened.claim()
  const reason = new Interruption('The run was stopped.')
  const aborted = stepOf('llm/1', async (signal) => {
    opened.stop.abort(reason)
    throw new Error(`socket closed: ${signal.aborted}`)
  })

  await expect(host.step(aborted)).rejects.toBe(reason)
})

test('a question without an answer makes the run wait, and with one returns it', async () => {
  await using opened = await openHost()
  const question = { key: 'reply/1/human', task: 'reply', agent: 'Clerk', output: 'Dear Ms Gray' }
  const first = await opened.claim()
  await expect(first.askHuman(question)).rejects.toBeInstanceOf(WaitForHuman)
  const answer = { approved: false, feedback: 'shorter', waitedMs: 5 }
  await opened.journal.append({ ...opened.run, status: 'running', epoch: 1 }, [
    { fact: started, at: 3, key: question.key, result: answer },
  ])
  const second = await opened.claim()

  expect(await second.askHuman(question)).toEqual(answer)
})

test('a journal that cannot be written interrupts the run instead of failing it', async () => {
  await using opened = await openHost()
  const host = await opened.claim()
  await host.step(stepOf('llm/1', async () => 'a'))

  // The key is taken by then: a failure of the database as any other.
  await expect(host.step(stepOf('llm/1', async () => 'b'))).rejects.toBeInstanceOf(JournalFailed)
})
