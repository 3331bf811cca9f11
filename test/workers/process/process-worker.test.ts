import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { processWorker } from '../../../src/workers/process/process-worker.ts'
import type { WorkerProcessListener } from '../../../src/workers/process/worker-process.ts'
import type { Request } from '../../../src/workers/protocol.ts'
import type { Spoiling } from '../../../src/workers/worker.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A worker over a process that says what the test says, and ends when it is killed. */
function openWorker() {
  const requests: Request[] = []
  const holds: boolean[] = []
  const spoilings: Spoiling[] = []
  let said: WorkerProcessListener | undefined
  const worker = processWorker(
    (listener) => {
      said = listener
      return {
        send: (request) => requests.push(request),
        kill: () => listener.onEnd('its process ended (SIGKILL)'),
        close: () => {},
        hold: (isHeld) => holds.push(isHeld),
      }
    },
    (spoiling) => spoilings.push(spoiling),
  )
  if (said === undefined) throw new Error('no process was started')
  return { worker, requests, holds, spoilings, say: said.onReply, end: said.onEnd }
}

const context = {
  runId: 'run-1',
  task: 't',
  idempotencyKey: 'k',
  meta: {},
  tenant: null,
  user: null,
}
const call = (signal = new AbortController().signal) => ({
  key: 'tools/lab.ts',
  do: 'tool' as const,
  arguments: '{}',
  context,
  timeoutMs: 60_000,
  signal,
})

test('a process that does not begin to load ends after 30 s', async () => {
  const { worker } = openWorker()
  const loading = worker.load([{ key: 'crew.ts' }])

  await vi.advanceTimersByTimeAsync(30_000)

  expect(await loading).toEqual({ key: null, reason: 'its process did not start within 30 s' })
})

test('code whose top level does not end is named after 10 s', async () => {
  const { worker, say } = openWorker()
  const loading = worker.load([{ key: 'tools/a.ts' }, { key: 'tools/b.ts' }])
  say({ type: 'loading', key: 'tools/a.ts' })
  await vi.advanceTimersByTimeAsync(9_999)
  // It blocks, which is no matter of calls.
  say({ type: 'blocked', call: null })
  say({ type: 'loading', key: 'tools/b.ts' })

  await vi.advanceTimersByTimeAsync(10_000)

  expect(await loading).toEqual({
    key: 'tools/b.ts',
    reason: 'its top level did not end within 10 s',
  })
})

test('a worker that does not say that it heard of a cancelled call ends 5 s later', async () => {
  const { worker, requests, say, spoilings } = openWorker()
  const stop = new AbortController()
  const outcomes = [1, 2].map(() =>
    worker.call(call(stop.signal)).catch((error: Error) => error.message),
  )
  const other = worker.call(call())
  stop.abort(new Error('stopped'))
  expect(await Promise.all(outcomes)).toEqual(['stopped', 'stopped'])
  expect(requests.slice(3)).toEqual([
    { op: 'cancel', id: 1 },
    { op: 'cancel', id: 2 },
  ])

  say({ type: 'cancelled', id: 1 })
  await vi.advanceTimersByTimeAsync(4_999)
  expect(spoilings).toEqual([])
  await vi.advanceTimersByTimeAsync(1)

  const reason = 'it kept its process busy without a pause'
  expect(await other).toEqual({ type: 'guilty', reason })
})

test('a call that blocks beside others has 3 s to let go', async () => {
  const { worker, say, spoilings } = openWorker()
  const first = worker.call(call())
  const second = worker.call(call())
  say({ type: 'blocked', call: 1 })
  await vi.advanceTimersByTimeAsync(2_999)
  say({ type: 'unblocked' })
  await vi.advanceTimersByTimeAsync(10_000)
  say({ type: 'blocked', call: 1 })
  await vi.advanceTimersByTimeAsync(3_000)

  const reason = 'it kept its process busy without a pause'
  expect(await first).toEqual({ type: 'guilty', reason })
  expect(await second).toEqual({ type: 'cut_off', reason, isSuspect: false })
  const origin = { tool: 'tools/lab.ts', runId: 'run-1' }
  expect(spoilings).toEqual([
    { type: 'blocks', reason, origin },
    { type: 'blocks', reason, origin },
    { type: 'ended', reason, origin },
  ])
})

test('a worker keeps its server alive only while it loads or a call is in flight', async () => {
  const { worker, holds, say } = openWorker()
  const loading = worker.load([{ key: 'crew.ts' }])
  say({ type: 'loaded', loaded: [], codeHash: '' })
  await loading
  const first = worker.call(call())
  const second = worker.call(call())
  say({ type: 'result', id: 1, result: { text: '', failed: false } })
  await first
  say({ type: 'result', id: 2, result: { text: '', failed: false } })
  await second

  expect(holds).toEqual([true, false, true, true, true, false])
})

test('a worker that does not end when it is told to is killed a second later', async () => {
  const { worker } = openWorker()
  let isStopped = false
  const stopping = worker.stop().then(() => {
    isStopped = true
  })

  await vi.advanceTimersByTimeAsync(999)
  expect(isStopped).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  await stopping
})

test('the time of a call that waits for others does not run, and it is not suspected with them', async () => {
  const { worker, say, end } = openWorker()
  const first = worker.call(call())
  const second = worker.call(call())
  const waiting = worker.call(call())
  say({ type: 'queued', id: 3 })
  await vi.advanceTimersByTimeAsync(59_999)
  say({ type: 'queued', id: 2 })
  await vi.advanceTimersByTimeAsync(1)
  expect(await first).toMatchObject({ result: { text: 'The tool gave no result within 60 s.' } })

  say({ type: 'begun', id: 2 })
  await vi.advanceTimersByTimeAsync(4_000)
  end('its process ended (SIGKILL)')

  expect(await second).toMatchObject({ type: 'guilty' })
  expect(await waiting).toEqual({ type: 'not_begun', reason: 'its process ended (SIGKILL)' })
})
