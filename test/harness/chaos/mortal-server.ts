import { writeFileSync } from 'node:fs'
import { type SpawnedServer, spawnServer } from '../spawned-server.ts'
import { type ChildProcess, childrenOf, stillAlive } from './child-processes.ts'
import type { Ledger } from './ledger.ts'

/** A server that has one life after the other. */
export interface MortalServer extends AsyncDisposable {
  /** Of the process that lives now. */
  url(): string
  /** `kill -9`, and a new process on the same data. */
  kill(): Promise<void>
  /** @returns the exit code of a process that is told to end; null: it died */
  end(): Promise<number | null>
  /** Processes that killed ones have left behind. */
  orphans(): number
}

interface MortalServerOptions {
  readonly ledger: Ledger
  /** Told the number of each life before it begins. */
  readonly lifeFile: string
  readonly env: (life: number) => Readonly<Record<string, string>>
}

export async function startMortalServer(options: MortalServerOptions): Promise<MortalServer> {
  const { ledger, lifeFile, env } = options
  const children: ChildProcess[] = []

  async function begin(): Promise<SpawnedServer> {
    ledger.born()
    writeFileSync(lifeFile, String(ledger.life()))
    const spawned = await spawnServer(env(ledger.life()))
    ledger.ready()
    return spawned
  }

  let server = await begin()
  return {
    url: () => server.url,
    async kill() {
      children.push(...childrenOf(server.process.pid))
      await server.kill('SIGKILL')
      ledger.killed()
      server = await begin()
    },
    end: () => server.kill('SIGTERM'),
    orphans: () => stillAlive(children).length,
    async [Symbol.asyncDispose]() {
      await server.kill('SIGKILL')
    },
  }
}
