import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Endpoint, UNKNOWN } from '../../../src/webhooks/endpoint.ts'
import { createLanes, type Lane, type Lanes } from '../../../src/webhooks/sending/lanes.ts'
import type { Result } from '../../../src/webhooks/sending/traffic.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** One that nobody has heard of. */
function makeEndpoint(fields: Partial<Endpoint> = {}): Endpoint {
  const id = randomUUID()
  return { id, origin: `https://${id}.example`, dueAt: 0, ...UNKNOWN, ...fields }
}

/** Makes attempts that end like this. */
function pass(lanes: Lanes, endpoint: Endpoint, ...results: readonly Result[]): void {
  for (const result of results) {
    lanes.begin(randomUUID(), endpoint, lanes.laneOf(endpoint, 0)).end(result)
    vi.advanceTimersByTime(1_000)
  }
}

/** Begins as many as there is room for. */
function fill(lanes: Lanes, lane: Lane): number {
  let begun = 0
  while (lanes.room(lane) > 0 && begun < 1_000) {
    lanes.begin(randomUUID(), makeEndpoint(), lane)
    begun += 1
  }
  return begun
}

test('an endpoint is new, then healthy; failing when it fails again and again', () => {
  const lanes = createLanes(() => {})
  const endpoint = makeEndpoint({ deliveredAt: 1 })
  const lane = (failures: number) => lanes.laneOf({ ...endpoint, failures }, 9_000)

  expect(lanes.laneOf(makeEndpoint(), 0)).toBe('new')
  expect([0, 1, 2, 3, 900].map(lane)).toEqual([
    'healthy',
    'healthy',
    'healthy',
    'failing',
    'failing',
  ])
})

test('an endpoint that never took a message is doubtful with its first failure', () => {
  const lanes = createLanes(() => {})
  const endpoint = makeEndpoint()
  pass(lanes, endpoint, 'unanswered')

  expect(lanes.laneOf({ ...endpoint, failures: 1 }, 0)).toBe('doubtful')
})

test('a new URL is judged by its origin', () => {
  const lanes = createLanes(() => {})
  const origin = 'https://shared.example'
  const lane = () => lanes.laneOf(makeEndpoint({ origin }), 0)
  const answers = (result: Result) => pass(lanes, makeEndpoint({ origin }), result)

  answers('unanswered')
  answers('unanswered')
  expect(lane()).toBe('new')
  answers('unanswered')
  expect(lane()).toBe('doubtful')
  answers('refused')
  expect(lane()).toBe('healthy')
})

test('a new endpoint that has found no room for a quarter of a second is late, and takes no room from newer ones', () => {
  const lanes = createLanes(() => {})

  expect(lanes.laneOf(makeEndpoint(), 250)).toBe('new')
  expect(lanes.laneOf(makeEndpoint(), 251)).toBe('late')
  expect(fill(lanes, 'late')).toBe(24)
  expect(fill(lanes, 'new')).toBe(8)
})

test('a new endpoint that has not answered within a quarter of a second makes way', () => {
  const onRoom = vi.fn()
  const lanes = createLanes(onRoom)

  expect(fill(lanes, 'new')).toBe(8)
  vi.advanceTimersByTime(250)
  expect(onRoom).toHaveBeenCalled()
  expect(fill(lanes, 'new')).toBe(8)
})

test('endpoints that are late and hang are begun 24 at a time, until 64 hang', () => {
  const lanes = createLanes(() => {})
  const begun = Array.from({ length: 6 }, () => {
    const count = fill(lanes, 'late')
    vi.advanceTimersByTime(250)
    return count
  })

  expect(begun).toEqual([24, 24, 24, 0, 0, 0])
  // However many hang, a new one has room.
  expect(fill(lanes, 'new')).toBe(8)
})

test('a healthy endpoint is sent four messages at a time, then one more with each delivered, up to 32', () => {
  const lanes = createLanes(() => {})
  const endpoint = makeEndpoint({ deliveredAt: 1 })
  expect(lanes.roomAt(makeEndpoint(), 'new')).toBe(1)

  expect(lanes.roomAt(endpoint, 'healthy')).toBe(4)
  pass(lanes, endpoint, 'delivered', 'delivered', 'delivered')
  expect(lanes.roomAt(endpoint, 'healthy')).toBe(6)
  pass(lanes, endpoint, ...Array<Result>(50).fill('delivered'))
  expect(lanes.roomAt(endpoint, 'healthy')).toBe(32)
  pass(lanes, endpoint, 'refused')
  expect(lanes.roomAt(endpoint, 'healthy')).toBe(16)
  pass(lanes, endpoint, ...Array<Result>(9).fill('unanswered'))
  expect(lanes.roomAt(endpoint, 'healthy')).toBe(1)
})

test('an endpoint that fails is sent one message at a time, whatever it took before', () => {
  const lanes = createLanes(() => {})
  const endpoint = makeEndpoint()
  pass(lanes, endpoint, 'delivered', 'delivered')

  expect(lanes.roomAt(endpoint, 'failing')).toBe(1)
  lanes.begin('m', endpoint, 'failing')
  expect(lanes.roomAt(endpoint, 'failing')).toBe(0)
})

test('an attempt that was aborted teaches nothing', () => {
  const lanes = createLanes(() => {})
  const endpoint = makeEndpoint()
  pass(lanes, endpoint, 'unknown')

  expect(lanes.laneOf(endpoint, 0)).toBe('new')
})

test('an origin gets 64 attempts at a time however many URLs it has, and 16 as long as it does not answer', () => {
  const lanes = createLanes(() => {})
  const origin = 'https://shared.example'
  expect(lanes.roomAtOrigin(origin)).toBe(16)
  const attempt = lanes.begin('m', makeEndpoint({ origin }), 'new')
  expect(lanes.roomAtOrigin(origin)).toBe(15)
  attempt.end('delivered')

  expect(lanes.roomAtOrigin(origin)).toBe(64)
})

test('doubtful endpoints are asked one every 50 ms, sixteen side by side', () => {
  const onRoom = vi.fn()
  const lanes = createLanes(onRoom)
  expect(lanes.room('doubtful')).toBe(1)
  expect(fill(lanes, 'doubtful')).toBe(1)
  vi.advanceTimersByTime(49)
  expect(lanes.room('doubtful')).toBe(0)
  vi.advanceTimersByTime(1)
  expect(onRoom).toHaveBeenCalledTimes(1)

  let begun = 1
  for (let round = 0; round < 100; round += 1) {
    begun += fill(lanes, 'doubtful')
    vi.advanceTimersByTime(50)
  }
  expect(begun).toBe(16)
})

test('no lane takes the room of another', () => {
  const lanes = createLanes(() => {})
  for (let round = 0; round < 100; round += 1) {
    for (const lane of ['new', 'late', 'failing', 'doubtful'] as const) fill(lanes, lane)
    vi.advanceTimersByTime(1_000)
  }
  expect(lanes.room('healthy')).toBe(512)
})

test('how much endpoints take is remembered of a bounded number', () => {
  const lanes = createLanes(() => {})
  const first = makeEndpoint({ deliveredAt: 1 })
  pass(lanes, first, 'delivered', 'delivered', 'delivered')
  expect(lanes.roomAt(first, 'healthy')).toBe(6)
  for (let index = 0; index < 10_000; index += 1)
    lanes.begin('m', makeEndpoint(), 'new').end('delivered')

  expect(lanes.roomAt(first, 'healthy')).toBe(4)
})
