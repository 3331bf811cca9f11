import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Load, LoadResult, Polls } from './load-process.ts'

/** `bench/load-process.ts`, which works for whoever asks. */
export interface LoadGenerator {
  run(load: Load): Promise<LoadResult>
  poll(polls: Polls): Promise<void>
  stop(): void
}

/** A load that takes longer has hung. */
const MAX_LOAD_MS = 300_000

export function startLoadGenerator(): LoadGenerator {
  const child = fork(new URL('./load-process.ts', import.meta.url), { execArgv: [] })
  const ended = once(child, 'exit').then(() => {
    throw new Error('the load generator ended')
  })
  ended.catch(() => {})

  async function ask(load: Load | Polls): Promise<unknown> {
    child.send(load)
    const signal = AbortSignal.timeout(MAX_LOAD_MS)
    const [result] = await Promise.race([once(child, 'message', { signal }), ended])
    return result
  }

  return {
    run: (load) => ask(load) as Promise<LoadResult>,
    async poll(polls) {
      await ask(polls)
    },
    stop: () => child.kill('SIGKILL'),
  }
}
