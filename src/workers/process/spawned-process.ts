import type { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { messageOf } from '../../errors.ts'
import { type Reply, reply } from '../protocol.ts'
import { MAX_MESSAGE_CHARS, readLines, toLine } from './lines.ts'
import type { StartProcess, WorkerProcess, WorkerProcessListener } from './worker-process.ts'

/** Beside the three of every process: it hears on the first, speaks on the second, and its watcher on the third. */
export const CHANNELS = ['pipe', 'pipe', 'pipe'] as const

/** What is still in the pipes of a process that has ended is waited for so long; its children may hold them open. */
const LAST_LINES_MS = 500

/** What no worker says comes from code that writes where it should not. */
const NO_REPLY: Reply = {
  type: 'ends',
  call: 'unknown',
  reason: 'it wrote into the pipe between its process and the server',
}

interface SpawnedProcessOptions {
  /**
   * A child that leads a group of its own, and has {@link CHANNELS} as its last pipes.
   *
   * @throws Error when the system has no process or no pipe left
   */
  readonly spawn: () => ChildProcess
  /** How long the watcher may go on after its process has crashed, to say whose call it was. */
  readonly watcherMs: number
}

/** A worker's process that is started by the system. */
export function spawnedProcess({ spawn, watcherMs }: SpawnedProcessOptions): StartProcess {
  return (listener) => {
    try {
      return connect(spawn(), watcherMs, listener)
    } catch (error) {
      return notStarted(error, listener)
    }
  }
}

function notStarted(error: unknown, { onEnd }: WorkerProcessListener): WorkerProcess {
  setImmediate(onEnd, `its process could not be started: ${messageOf(error)}`)
  return { send() {}, kill() {}, close() {}, hold() {} }
}

function connect(
  child: ChildProcess,
  watcherMs: number,
  listener: WorkerProcessListener,
): WorkerProcess {
  // Without a process it has no pipes, whatever its type says.
  const pipes = [...(child.stdio ?? [])].filter((pipe) => pipe instanceof Socket)
  const [requests, ...replies] = pipes.slice(-CHANNELS.length)
  const hear = untilBroken(listener.onReply)
  for (const pipe of replies)
    readLines(pipe, {
      maxChars: MAX_MESSAGE_CHARS,
      onLine: (line) => hear(parse(line)),
      onTooLong: () => hear(NO_REPLY),
    })
  requests?.on('error', () => {
    // It has ended, which is told otherwise.
  })
  onceGone(child, watcherMs, listener.onEnd)
  return {
    kill: () => killGroup(child),
    send: (request) => requests?.write(toLine(request)),
    close: () => requests?.end(),
    hold(isHeld) {
      for (const handle of [child, ...pipes])
        if (isHeld) handle.ref()
        else handle.unref()
    },
  }
}

/** Once somebody else has written into its pipe, nothing that comes out of it is a worker's word. */
function untilBroken(onReply: WorkerProcessListener['onReply']): (said: Reply) => void {
  let isBroken = false
  return (said) => {
    if (!isBroken) onReply(said)
    isBroken ||= said === NO_REPLY
  }
}

function parse(line: string): Reply {
  const parsed = reply.safeParse(parseJson(line))
  return parsed.success ? parsed.data : NO_REPLY
}

function onceGone(child: ChildProcess, watcherMs: number, onEnd: (reason: string) => void): void {
  let isGone = false
  const end = (reason: string) => {
    if (!isGone) onEnd(reason)
    isGone = true
  }
  child.once('error', (error) => end(`its process could not be started: ${messageOf(error)}`))
  child.once('exit', (code, signal) => {
    const reason = `its process ended (${signal ?? `exit code ${code}`})`
    // With what it has started.
    const killer = setTimeout(killGroup, watcherMs, child)
    if (watcherMs === 0) killGroup(child)
    const timer = setTimeout(end, watcherMs + LAST_LINES_MS, reason)
    child.once('close', () => {
      clearTimeout(killer)
      clearTimeout(timer)
      if (watcherMs > 0) killGroup(child)
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
