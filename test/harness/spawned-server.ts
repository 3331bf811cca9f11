import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A test that fails leaves no process behind. */
function endWithTests(child: ChildProcess): void {
  const kill = () => child.kill('SIGKILL')
  // Before what removes its files.
  process.prependOnceListener('exit', kill)
  child.once('exit', () => process.off('exit', kill))
}

/** The server as its own process, to be killed. */
export interface SpawnedServer {
  readonly process: ChildProcess
  readonly url: string
  /** What it has printed so far, by chunks. */
  readonly output: readonly string[]
  /** Its exit code, when it ends by itself. */
  readonly ended: Promise<number | null>
  /** Ends it with a signal and resolves with its exit code; null: it died of the signal. */
  kill(signal: NodeJS.Signals): Promise<number | null>
}

const SERVE = [
  '--import',
  './src/compile-cache.js',
  '--conditions=development',
  'src/cli.ts',
  'serve',
]

/** Resolves when it listens. */
export async function spawnServer(
  env: Readonly<Record<string, string>>,
  options: readonly string[] = [],
): Promise<SpawnedServer> {
  const child = spawn(process.execPath, [...SERVE, ...options], {
    env: { PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  endWithTests(child)
  const output: string[] = []
  child.stderr.on('data', (chunk) => output.push(String(chunk)))
  const exited = once(child, 'exit').then(() => {
    throw new Error(`The server ended before it listened: ${output.join('')}`)
  })
  exited.catch(() => {})
  const url = await Promise.race([exited, listening(child, output)])
  const ended = once(child, 'close').then(([code]) => code)
  return {
    process: child,
    url,
    output,
    ended,
    kill(signal) {
      child.kill(signal)
      return ended
    },
  }
}

async function listening({ stdout }: ChildProcess, output: string[]): Promise<string> {
  if (stdout === null) throw new Error('no output to read')
  const lines = createInterface({ input: stdout })
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      output.push(`${line}\n`)
      const url = /^Coxswain listens on (\S+)$/.exec(line)?.[1]
      if (url !== undefined) resolve(url)
    })
  })
}

/** The model server in a process of its own. */
export async function spawnModelServer(
  latencyMs: number,
): Promise<{ baseUrl: string; stop(): void }> {
  const file = 'test/harness/model-server-process.ts'
  const child = spawn(process.execPath, [file, String(latencyMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  endWithTests(child)
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { port } = JSON.parse(line) as { port: number }
  return { baseUrl: `http://127.0.0.1:${port}/v1`, stop: () => child.kill('SIGKILL') }
}
