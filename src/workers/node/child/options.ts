/** What a worker's process is started with, as its one argument in JSON. */
export interface ChildOptions {
  /** The crew's folder, as a real path. */
  readonly dir: string
  /** What the process may hold in memory. */
  readonly memoryMb: number
  /** The server, without which it ends. */
  readonly parentPid: number
}
