// A thread beside the code of a crew, because nothing else runs while that code lets nothing run.
import { setTimeout as delay } from 'node:timers/promises'
import { workerData } from 'node:worker_threads'
import type { Suspect } from '../../protocol.ts'
import { endProcess } from './end-process.ts'
import { sayAsWatcher } from './say.ts'
import { BEATS, CALLS, RUNNING_CALL, type Watched } from './watched.ts'

const LOOK_EVERY_MS = 50
/** Without a call, to let the machine rest. */
const REST_MS = 250
/** Without a beat for so long, the main thread is blocked. */
const BLOCKED_MS = 2_000
/** Without one for so long, it is in one piece of code. */
const BUSY_MS = 200
/** From this part of its memory on, a worker should be replaced. */
const SHORT_OF_MEMORY = 0.75

const { shared, memoryMb, parentPid } = workerData as Watched
const places = new Int32Array(shared)

let beats = 0
let stillMs = 0
let isBlocked = false
let isGrowing = false

for (;;) {
  const sinceMs = Atomics.load(places, CALLS) > 0 ? LOOK_EVERY_MS : REST_MS
  await delay(sinceMs)
  if (process.ppid !== parentPid) endProcess()
  await lookAtMemory()
  lookAtBeats(sinceMs)
}

async function lookAtMemory(): Promise<void> {
  const usedMb = process.memoryUsage.rss() / 2 ** 20
  if (usedMb > memoryMb) {
    const reason = `its process took more than ${memoryMb} MB of memory`
    sayAsWatcher({ type: 'ends', reason, call: await busyCall() })
    endProcess()
  }
  if (usedMb > memoryMb * SHORT_OF_MEMORY && !isGrowing) {
    isGrowing = true
    const reason = `its process takes ${Math.round(usedMb)} MB of memory`
    sayAsWatcher({ type: 'worn', call: null, reason })
  }
}

function lookAtBeats(sinceMs: number): void {
  // What was waited for is counted, not what it took: a machine without time for us has none for the main thread either.
  stillMs = hasBeaten() ? 0 : stillMs + sinceMs
  if (isBlocked && stillMs === 0) {
    isBlocked = false
    sayAsWatcher({ type: 'unblocked' })
  }
  if (isBlocked || stillMs < BLOCKED_MS) return
  isBlocked = true
  sayAsWatcher({ type: 'blocked', call: runningCall() })
}

function hasBeaten(): boolean {
  const before = beats
  beats = Atomics.load(places, BEATS)
  return beats !== before
}

/** Whose code takes the memory, if it is one piece of code that does; little by little it may be anybody's. */
async function busyCall(): Promise<Suspect> {
  hasBeaten()
  await delay(BUSY_MS)
  return hasBeaten() ? 'unknown' : runningCall()
}

function runningCall(): number | null {
  return Atomics.load(places, RUNNING_CALL) || null
}
