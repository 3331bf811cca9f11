import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { type SpawnedServer, spawnServer } from '../test/harness/spawned-server.ts'

/** A server that is started again whenever it ends, as a supervisor does. */
export interface SupervisedServer extends AsyncDisposable {
  /** Of the process that lives now, or lived last. */
  url(): string
  /** How often it has ended by itself. */
  ends(): number
  /** The most memory that any of its processes had, in MB; 0 where the system does not tell. */
  peakMb(): number
}

const MAX_STARTS = 30
const SAMPLE_MS = 200
const RESTART_MS = 500

export async function superviseServer(
  env: Readonly<Record<string, string>>,
): Promise<SupervisedServer> {
  let server: SpawnedServer = await spawnServer(env)
  let ends = 0
  let peakMb = 0
  let isStopping = false
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, peakOf(server.process.pid))
  }, SAMPLE_MS)

  async function supervise(): Promise<void> {
    while (ends < MAX_STARTS) {
      await server.ended
      if (isStopping) return
      ends += 1
      await delay(RESTART_MS)
      // It may end before it listens: that is one more end.
      server = await spawnServer(env).catch(() => server)
    }
  }
  const supervising = supervise()

  return {
    url: () => server.url,
    ends: () => ends,
    peakMb: () => peakMb,
    async [Symbol.asyncDispose]() {
      isStopping = true
      clearInterval(timer)
      await server.kill('SIGKILL')
      await supervising
    },
  }
}

function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}
