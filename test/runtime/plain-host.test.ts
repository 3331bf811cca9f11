import { expect, test } from 'vitest'
import { Interruption } from '../../src/crew/host.ts'
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
