import { Worker } from 'node:worker_threads'
import { WATCH_FILE } from '../files.ts'
import type { ChildOptions } from './options.ts'
import { places } from './scope.ts'
import { BEAT_EVERY_MS, BEATS, type Watched } from './watched.ts'

/** Starts the thread that watches this one, and lets it feel that this one moves. */
export function startWatcher({ memoryMb, parentPid }: ChildOptions): void {
  const workerData: Watched = { shared: places.buffer, memoryMb, parentPid }
  new Worker(WATCH_FILE, { workerData, execArgv: [], env: {} }).unref()
  setInterval(() => Atomics.add(places, BEATS, 1), BEAT_EVERY_MS).unref()
}
