import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import type { Logger } from 'pino'
import { messageOf } from '../../errors.ts'
import { MAX_MESSAGE_CHARS, readLines, toLine } from '../lines.ts'
import { type Reply, reply } from '../protocol.ts'
import type { StartProcess, WorkerProcess, WorkerProcessListener } from '../worker-process.ts'
import type { ChildOptions } from './child/options.ts'
import { workerEnvironment } from './environment.ts'
import { IS_SOURCE, MAIN_FILE } from './files.ts'
import { logOutput } from './log-output.ts'

interface NodeProcessOptions {
  /** The crew's folder, as a real path. */
  readonly dir: string
  /** What the process may hold in memory. */
  readonly memoryMb: number
  /** For what the code prints; null: it goes to this process's standard error. */
  readonly log: Logger | null
}

/** What is still in the pipes of a process that has ended is waited for so long; its children may hold them open. */
const LAST_LINES_MS = 500

/** What no worker says comes from code that writes where it should not. */
const NO_REPLY: Reply = {
  type: 'ends',
  call: 'unknown',
  reason: 'it wrote into the pipe between its process and the server',
}
const STDERR = 2
/** V8 ends a process at its own limit without a word, so the watcher's comes before it. */
const HEAP_LIMIT = 1.5
/** The last pipes of a process are those that are spoken over. */
const CHANNELS = 3

/**
 * Code in TypeScript, in a Node process of its own. It hears on its third pipe and speaks on the fourth; the fifth is its
 * watcher's. What it prints is no part of that.
 */
export function nodeProcess(options: NodeProcessOptions): StartProcess {
  return (listener) => {
    try {
      return connect(spawnChild(options), listener)
    } catch (error) {
      return notStarted(error, listener)
    }
  }
}

/** @throws Error when the system has no process or no pipe left */
function spawnChild({ dir, memoryMb, log }: NodeProcessOptions): ChildProcess {
  const options: ChildOptions = { dir, memoryMb, parentPid: process.pid }
  const output = log === null ? STDERR : 'pipe'
  const child = spawn(process.execPath, [...flags(memoryMb), MAIN_FILE, JSON.stringify(options)], {
    env: workerEnvironment(),
    stdio: ['ignore', output, output, 'pipe', 'pipe', 'pipe'],
    // A group of its own, so that whatever it starts is ended with it, and no Ctrl-C reaches it beside us.
    detached: true,
    windowsHide: true,
  })
  if (log !== null)
    for (const stream of [child.stdout, child.stderr]) if (stream) logOutput(stream, log)
  return child
}

function notStarted(error: unknown, { onEnd }: WorkerProcessListener): WorkerProcess {
  setImmediate(onEnd, `its process could not be started: ${messageOf(error)}`)
  return { send() {}, kill() {}, close() {}, hold() {} }
}

function flags(memoryMb: number): readonly string[] {
  const conditions = IS_SOURCE ? ['--conditions=development'] : []
  return [`--max-old-space-size=${memoryMb * HEAP_LIMIT}`, ...conditions]
}

function connect(child: ChildProcess, listener: WorkerProcessListener): WorkerProcess {
  // Without a process it has no pipes, whatever its type says.
  const pipes = [...(child.stdio ?? [])].filter((pipe) => pipe instanceof Socket)
  const [requests, ...replies] = pipes.slice(-CHANNELS)
  const kill = () => killGroup(child)
  for (const pipe of replies)
    readLines(pipe, {
      maxChars: MAX_MESSAGE_CHARS,
      onLine: (line) => listener.onReply(parse(line)),
      onTooLong: () => listener.onReply(NO_REPLY),
    })
  requests?.on('error', () => {
    // It has ended, which is told otherwise.
  })
  onceGone(child, kill, listener.onEnd)
  return {
    kill,
    send: (request) => requests?.write(toLine(request)),
    close: () => requests?.end(),
    hold(isHeld) {
      for (const handle of [child, ...pipes])
        if (isHeld) handle.ref()
        else handle.unref()
    },
  }
}

function parse(line: string): Reply {
  const parsed = reply.safeParse(parseJson(line))
  return parsed.success ? parsed.data : NO_REPLY
}

function onceGone(child: ChildProcess, kill: () => void, onEnd: (reason: string) => void): void {
  let isGone = false
  const end = (reason: string) => {
    if (!isGone) onEnd(reason)
    isGone = true
  }
  child.once('error', (error) => end(`its process could not be started: ${messageOf(error)}`))
  child.once('exit', (code, signal) => {
    const reason = `its process ended (${signal ?? `exit code ${code}`})`
    // With what it has started.
    kill()
    const timer = setTimeout(end, LAST_LINES_MS, reason)
    child.once('close', () => {
      clearTimeout(timer)
      end(reason)
    })
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // There is no group any more, or there are none on this system.
    child.kill('SIGKILL')
  }
}
