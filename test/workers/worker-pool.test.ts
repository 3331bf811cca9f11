import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CallOutcome, Spoiling, Worker, WorkerCall } from '../../src/workers/worker.ts'
import { createWorkerPool } from '../../src/workers/worker-pool.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

interface FakeWorker {
  readonly calls: WorkerCall[]
  isStopped: boolean
  end(outcome: CallOutcome): void
  spoil(type: Spoiling['type']): void
}

/** A pool of workers whose calls end when the test says so. */
function openPool(idleMs = 60_000) {
  const workers: FakeWorker[] = []
  const pool = createWorkerPool({
    idleMs,
    onSpoilt: () => {},
    onBegun: () => {},
    start(onSpoilt): Worker {
      const settlers: ((outcome: CallOutcome) => void)[] = []
      const fake: FakeWorker = {
        calls: [],
        isStopped: false,
        end: (outcome) => settlers.shift()?.(outcome),
        spoil: (type) => onSpoilt({ type, reason: 'boom', origin: null }),
      }
      workers.push(fake)
      return {
        load: async () => ({ loaded: [], codeHash: '' }),
        call(one) {
          fake.calls.push(one)
          const { promise, resolve } = Promise.withResolvers<CallOutcome>()
          settlers.push(resolve)
          return promise
        },
        async stop() {
          fake.isStopped = true
          fake.spoil('ended')
        },
      }
    },
  })
  const call = (key: string, isAlone: boolean, signal = new AbortController().signal) => {
    const context = {
      runId: 'r',
      task: 't',
      idempotencyKey: 'k',
      meta: {},
      tenant: null,
      user: null,
    }
    return pool.call({ key, do: 'tool', arguments: '{}', context, timeoutMs: 1, signal }, isAlone)
  }
  return { pool, call, workers }
}

const DONE: CallOutcome = { type: 'result', result: { text: '', failed: false } }
const turn = () => vi.advanceTimersByTimeAsync(0)

test('of workers that are spoilt three are kept for the calls in flight there', async () => {
  const { call, workers } = openPool()
  for (let count = 0; count < 4; count += 1) {
    void call('a', false)
    await turn()
    workers.at(-1)?.spoil('threw')
  }

  expect(workers.map(({ isStopped }) => isStopped)).toEqual([true, false, false, false])
})

test('a worker that is spoilt ends with its last call, and gets no other', async () => {
  const { call, workers } = openPool()
  void call('a', false)
  await turn()
  workers[0]?.spoil('worn')
  void call('a', false)
  await turn()

  expect(workers.map(({ calls }) => calls.length)).toEqual([1, 1])
  expect(workers[0]?.isStopped).toBe(false)
  workers[0]?.end(DONE)
  await turn()
  expect(workers[0]?.isStopped).toBe(true)
})

test('at most eight calls of a tool are alone at a time, and another tool does not wait for them', async () => {
  const { call, workers } = openPool()
  for (let count = 0; count < 10; count += 1) void call('a', true)
  void call('b', true)
  await turn()
  expect(workers.map(({ calls }) => calls[0]?.key)).toEqual([...Array(8).fill('a'), 'b'])

  workers[0]?.end(DONE)
  await turn()
  expect(workers[0]?.isStopped).toBe(true)
  expect(workers).toHaveLength(10)
})

test('a worker that was only needed to load ends soon, one that was called when it is idle', async () => {
  const { pool, call, workers } = openPool()
  await pool.load([{ key: 'crew.ts' }])
  await vi.advanceTimersByTimeAsync(4_999)
  expect(workers[0]?.isStopped).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(workers[0]?.isStopped).toBe(true)

  const done = call('a', false)
  await turn()
  workers[1]?.end(DONE)
  await done
  await vi.advanceTimersByTimeAsync(59_999)
  expect(workers[1]?.isStopped).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(workers[1]?.isStopped).toBe(true)
})
