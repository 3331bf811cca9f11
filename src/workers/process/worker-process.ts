import type { Reply, Request } from '../protocol.ts'

/** The process under a worker, whatever it is written in. */
export interface WorkerProcess {
  send(request: Request): void
  /** Ends it at once, with every process that it started. */
  kill(): void
  /** Closes its channel, at which it ends by itself. */
  close(): void
  /** Whether it keeps this process alive. */
  hold(isHeld: boolean): void
}

/** Told in this order; `onEnd` is the last. */
export interface WorkerProcessListener {
  onReply(reply: Reply): void
  /** @param reason how it ended, e.g. `its process ended (SIGKILL)` */
  onEnd(reason: string): void
}

export type StartProcess = (listener: WorkerProcessListener) => WorkerProcess
