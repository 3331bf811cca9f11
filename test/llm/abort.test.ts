import { expect, test } from 'vitest'
import { wait } from '../../src/llm/abort.ts'
import { never } from './samples.ts'

test('a wait of nothing is over, and a short one too', async () => {
  await expect(wait(0, never)).resolves.toBeUndefined()
  await expect(wait(1, never)).resolves.toBeUndefined()
})

test('a wait that is longer than a timer can be is not cut short', async () => {
  const controller = new AbortController()
  const reason = new Error('Enough')
  const waiting = wait(2 ** 31 + 1, controller.signal)

  const first = await Promise.race([waiting, wait(20, never).then(() => 'the other')])
  controller.abort(reason)

  expect(first).toBe('the other')
  await expect(waiting).rejects.toBe(reason)
})

test('a wait under an aborted signal throws its reason', async () => {
  const reason = new Error('Too late')

  await expect(wait(0, AbortSignal.abort(reason))).rejects.toBe(reason)
})
