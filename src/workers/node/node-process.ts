import { type ChildProcess, spawn } from 'node:child_process'
import type { Logger } from 'pino'
import { logOutput } from '../process/log-output.ts'
import { CHANNELS, spawnedProcess } from '../process/spawned-process.ts'
import type { StartProcess } from '../process/worker-process.ts'
import type { ChildOptions } from './child/options.ts'
import { workerEnvironment } from './environment.ts'
import { IS_SOURCE, MAIN_FILE } from './files.ts'

interface NodeProcessOptions {
  /** The crew's folder, as a real path. */
  readonly dir: string
  /** What the process may hold in memory. */
  readonly memoryMb: number
  /** For what the code prints; null: it goes to this process's standard error. */
  readonly log: Logger | null
}

const STDERR = 2
/** V8 ends a process at its own limit without a word, so the watcher's comes before it. */
const HEAP_LIMIT = 1.5

/** Code in TypeScript, in a Node process of its own. What it prints is no part of what it says. */
export function nodeProcess(options: NodeProcessOptions): StartProcess {
  // Its watcher is a thread, and ends with it.
  return spawnedProcess({ spawn: () => spawnChild(options), watcherMs: 0 })
}

function spawnChild({ dir, memoryMb, log }: NodeProcessOptions): ChildProcess {
  const options: ChildOptions = { dir, memoryMb, parentPid: process.pid }
  const output = log === null ? STDERR : 'pipe'
  const child = spawn(process.execPath, [...flags(memoryMb), MAIN_FILE, JSON.stringify(options)], {
    env: workerEnvironment(),
    stdio: ['ignore', output, output, ...CHANNELS],
    // A group of its own, so that whatever it starts is ended with it, and no Ctrl-C reaches it beside us.
    detached: true,
    windowsHide: true,
  })
  if (log !== null)
    for (const stream of [child.stdout, child.stderr]) if (stream) logOutput(stream, log)
  return child
}

function flags(memoryMb: number): readonly string[] {
  const conditions = IS_SOURCE ? ['--conditions=development'] : []
  return [`--max-old-space-size=${memoryMb * HEAP_LIMIT}`, ...conditions]
}
