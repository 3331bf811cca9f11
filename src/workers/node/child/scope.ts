import { AsyncLocalStorage, createHook } from 'node:async_hooks'
import { CALLS, PLACES, RUNNING_CALL } from './watched.ts'

/** The id of the call that code runs for, also of what the code has begun and not waited for. */
const scope = new AsyncLocalStorage<number>()

/** The watcher sees it, too. */
export const places = new Int32Array(new SharedArrayBuffer(PLACES * Int32Array.BYTES_PER_ELEMENT))

// At each turn of the main thread it is marked whose code runs next: when it lets nothing else run, nobody can be asked.
// That costs 0.3 µs a turn.
createHook({ before: mark, after: mark }).enable()

/** Null: code runs on its own account. */
export function currentCall(): number | null {
  return scope.getStore() ?? null
}

export function withinCall<T>(id: number, work: () => T): T {
  const marked = () => {
    mark()
    return work()
  }
  try {
    return scope.run(id, marked)
  } finally {
    mark()
  }
}

/** The same, for as long as the call takes. */
export async function duringCall<T>(id: number, work: () => Promise<T>): Promise<T> {
  Atomics.add(places, CALLS, 1)
  try {
    return await withinCall(id, work)
  } finally {
    Atomics.sub(places, CALLS, 1)
  }
}

function mark(): void {
  Atomics.store(places, RUNNING_CALL, scope.getStore() ?? 0)
}
