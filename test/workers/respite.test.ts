import { expect, test } from 'vitest'
import { createRespite } from '../../src/workers/respite.ts'

const never = new AbortController().signal

test('the third end within a minute begins a pause, which a call can give up', async () => {
  let nowMs = 0
  const pauses: unknown[] = []
  const respite = createRespite(
    (reason, pauseMs) => pauses.push({ reason, pauseMs }),
    () => nowMs,
  )
  respite.noteDeath('a')
  nowMs = 60_000
  respite.noteDeath('b')
  respite.noteDeath('c')
  await respite.over(never)
  expect(pauses).toEqual([])

  respite.noteDeath('d')
  expect(pauses).toEqual([{ reason: 'd', pauseMs: 30_000 }])
  const stop = new AbortController()
  const waiting = respite.over(stop.signal)
  stop.abort(new Error('stopped'))
  await expect(waiting).rejects.toThrow('stopped')
  nowMs = 90_000
  await respite.over(never)
})
