import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { OnCrash } from '../../tools/tool.ts'
import { logOutput } from '../process/log-output.ts'
import { CHANNELS, spawnedProcess } from '../process/spawned-process.ts'
import type { StartProcess } from '../process/worker-process.ts'
import type { Interpreter } from '../protocol.ts'
import { pythonEnvironment } from './environment.ts'
import type { NameSource, PythonNames, PythonReference } from './reference.ts'

/** `real`: CrewAI itself; `light`: a stand-in for its tools; `auto`: what the code needs. */
export type PythonMode = 'auto' | 'light' | 'real'

export interface PythonProcessOptions {
  /** The project's folder, as a real path. */
  readonly dir: string
  /** Its interpreter; else why there is none. */
  readonly interpreter: () => { readonly path: string } | { readonly error: string }
  readonly mode: PythonMode
  /** Variables of the server's that it may have, too. */
  readonly variables: readonly string[]
  /** What it may hold in memory. */
  readonly memoryMb: number
  /** How many synchronous calls run at a time. */
  readonly threads: number
  /** Of tools that do not say it themselves. */
  readonly onCrash: OnCrash
  readonly timeoutMs: number
  /** What is known so far, so that it can be told at the start whether CrewAI itself is needed. */
  readonly known: () => readonly PythonReference[]
  readonly onHello: (interpreter: Interpreter) => void
  /** For what is printed past Python, by native code and other processes; null: it goes to standard error. */
  readonly log: Logger | null
}

const STDERR = 2
const SCRIPT = fileURLToPath(new URL('../../../python/worker.py', import.meta.url))
/** Until the watcher has told which call has crashed the interpreter. */
const WATCHER_MS = 300

/** Code in Python, in a process of the project's interpreter. */
export function pythonProcess(options: PythonProcessOptions): StartProcess {
  const start = spawnedProcess({ spawn: () => spawnChild(options), watcherMs: WATCHER_MS })
  return (listener) => {
    let isPython = false
    return start({
      onReply(reply) {
        if (reply.type === 'hello') {
          isPython = true
          options.onHello(reply)
        }
        listener.onReply(reply)
      },
      onEnd(reason) {
        const interpreter = options.interpreter()
        const isStarted = isPython || 'error' in interpreter
        const advice = isStarted ? '' : `; ${interpreter.path} must be Python 3.10 or newer`
        listener.onEnd(`${reason}${advice}`)
      },
    })
  }
}

function spawnChild(options: PythonProcessOptions): ChildProcess {
  const { dir, variables, mode, memoryMb, threads, onCrash, timeoutMs, log } = options
  const interpreter = options.interpreter()
  if ('error' in interpreter) throw new Error(interpreter.error)
  const given = {
    dir,
    serverPid: process.pid,
    ...{ mode, memoryMb, threads, onCrash, timeoutMs },
    known: options.known().map(importsOf),
  }
  const output = log === null ? STDERR : 'pipe'
  const flags = ['-u', '-X', 'utf8', SCRIPT, JSON.stringify(given)]
  const child = spawn(interpreter.path, flags, {
    cwd: dir,
    env: pythonEnvironment({ dir, interpreter: interpreter.path, variables }),
    stdio: ['ignore', output, output, ...CHANNELS],
    // A group of its own, so that whatever it starts is ended with it, and no Ctrl-C reaches it beside us.
    detached: true,
    windowsHide: true,
  })
  if (log !== null)
    for (const stream of [child.stdout, child.stderr]) if (stream) logOutput(stream, log)
  return child
}

/** A reference without its values, which may be long: what a process is started with has little room. */
function importsOf({ names, at }: PythonReference) {
  const paths = [...new Set(pathsIn(names))]
  return { at, names: Object.fromEntries(paths.map((path) => [path, { import: path }])) }
}

function pathsIn(names: PythonNames): readonly string[] {
  return Object.values(names).flatMap(pathsOf)
}

function pathsOf(source: NameSource): readonly string[] {
  if ('import' in source) return [source.import]
  if ('self' in source) return [source.self]
  if ('list' in source) return source.list.flatMap(pathsOf)
  return 'names' in source ? pathsIn(source.names) : []
}
