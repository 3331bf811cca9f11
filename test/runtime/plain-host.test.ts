import { expect, test } from 'vitest'
import { type CrewHost, Interruption } from '../../src/crew/host.ts'
import { scriptedModel } from '../../src/llm/scripted.ts'
import { plainHost } from '../../src/runtime/plain-host.ts'

const model = () => scriptedModel([])
const started = {
  type: 'crew_kickoff_started',
  data: { crew: 'press', inputs: {} },
} as const
const step = (host: CrewHost, key: string) =>
  host.step({ key, effect: async () => 1, event: () => started })

test('a key is refused the second time, whatever it is for', async () => {
  const host = plainHost({
    runId: 'run-1',
    model,
    askHuman: async () => ({ approved: true, feedback: '' }),
  })
  host.emit('a', started)

  expect(() => host.emit('a', started)).toThrow('The key a was used twice')
  await expect(step(host, 'a')).rejects.toThrow('The key a was used twice')
  await expect(
    host.askHuman({ key: 'a', task: 'write', agent: 'writer', output: '' }),
  ).rejects.toThrow('The key a was used twice')
  await expect(step(host, 'b')).resolves.toBe(1)
})

test('a host whose outer signal is aborted interrupts with its reason as cause', async () => {
  const stop = new AbortController()
  const host = plainHost({ runId: 'run-1', model, signal: stop.signal })
  expect(host.signal.aborted).toBe(false)

  stop.abort(new Error('Ctrl-C'))

  expect(host.signal.reason).toBeInstanceOf(Interruption)
  expect(host.signal.reason.cause).toEqual(new Error('Ctrl-C'))
  await expect(step(host, 'a')).rejects.toBe(host.signal.reason)
  const late = plainHost({ runId: 'run-2', model, signal: stop.signal })
  expect(late.signal.reason).toBeInstanceOf(Interruption)
})

test('a person who is still thinking is not waited for when the run is stopped', async () => {
  const stop = new AbortController()
  const host = plainHost({
    runId: 'run-1',
    model,
    signal: stop.signal,
    askHuman: () => new Promise(() => {}),
  })
  const answer = host.askHuman({ key: 'a', task: 'write', agent: 'writer', output: '' })
  stop.abort()
  await expect(answer).rejects.toBeInstanceOf(Interruption)
})
