import { expect, test } from 'vitest'
import { Interruption, Postponed, type StepContext } from '../../src/crew/host.ts'
import { scriptedModel } from '../../src/llm/scripted.ts'
import { plainHost } from '../../src/runtime/plain-host.ts'
import { fact, question, testHost } from '../harness/host-contract.ts'

const model = () => scriptedModel([])
const step = (key: string) => ({ key, started: fact('asked').event, effect: async () => fact('1') })

testHost('the plain host', async (answer) => ({
  host: plainHost({ runId: 'run-1', model, ask: async () => answer }),
  close: async () => {},
}))

test('a key is refused the second time, whatever it is for', async () => {
  const ask = async () => ({ approved: true, feedback: '' })
  const host = plainHost({ runId: 'run-1', model, ask })
  host.emit('a', fact())

  expect(() => host.emit('a', fact())).toThrow('The key a was used twice')
  await expect(host.step(step('a'))).rejects.toThrow('The key a was used twice')
  await expect(host.ask(question('a'))).rejects.toThrow('The key a was used twice')
  await expect(host.step(step('b'))).resolves.toMatchObject({ output: '1' })
})

test('a host whose outer signal is aborted interrupts with its reason as cause', async () => {
  const stop = new AbortController()
  const host = plainHost({ runId: 'run-1', model, signal: stop.signal })
  expect(host.signal.aborted).toBe(false)

  stop.abort(new Error('Ctrl-C'))

  expect(host.signal.reason).toBeInstanceOf(Interruption)
  expect(host.signal.reason.cause).toEqual(new Error('Ctrl-C'))
  await expect(host.step(step('a'))).rejects.toBe(host.signal.reason)
  const late = plainHost({ runId: 'run-2', model, signal: stop.signal })
  expect(late.signal.reason).toBeInstanceOf(Interruption)
})

test('a person who is still thinking is not waited for when the run is stopped', async () => {
  const stop = new AbortController()
  const { signal } = stop
  const host = plainHost({ runId: 'run-1', model, signal, ask: () => new Promise(() => {}) })
  const answer = host.ask(question('a'))
  stop.abort()
  await expect(answer).rejects.toBeInstanceOf(Interruption)
})

test('a step that is postponed is waited for and done again, and told what came of it', async () => {
  const retryAt = Date.now() + 60_000
  const failing = { since: 1000, attempts: 5 }
  const about = { task: 'write', agent: 'writer', model: 'm', step: 'a', error: 'Busy.' }
  const event = { type: 'llm_call_postponed', data: { ...about, ...failing, retryAt } } as const
  const told: unknown[] = []
  const waits: number[] = []
  const host = plainHost({
    runId: 'run-1',
    model,
    onEvent: ({ type }) => told.push(type),
    wait: async (waitMs) => void waits.push(waitMs),
  })
  const contexts: unknown[] = []
  const effect = async (context: StepContext) => {
    if (contexts.push(context.failing) === 1) throw new Postponed(event)
    return fact('1')
  }

  const done = await host.step({ key: 'a', started: fact().event, effect })

  expect(done).toMatchObject({ output: '1' })
  expect(contexts).toEqual([null, failing])
  expect(waits[0]).toBeGreaterThan(59_000)
  expect(waits[0]).toBeLessThanOrEqual(60_000)
  expect(told).toContain('llm_call_postponed')
})
