/** What the watcher is started with. */
export interface Watched {
  /** Places {@link BEATS}, {@link RUNNING_CALL} and {@link CALLS}. */
  readonly shared: SharedArrayBuffer
  readonly memoryMb: number
  readonly parentPid: number
}

/** Counts on while the main thread moves. */
export const BEATS = 0
/** Id of the call whose code the main thread runs; 0: of none. */
export const RUNNING_CALL = 1
/** How many calls there are. */
export const CALLS = 2
/** How many places the shared memory has. */
export const PLACES = 3

/** How often the main thread counts on. */
export const BEAT_EVERY_MS = 50
