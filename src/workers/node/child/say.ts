import { writeSync } from 'node:fs'
import { toLine } from '../../process/lines.ts'
import type { Reply } from '../../protocol.ts'

/** The pipes beside the three of every process. */
export const REQUESTS_FD = 3
const REPLIES_FD = 4
const WATCH_FD = 5

/** Written before it returns: what was said arrives, whatever happens next. */
export function say(reply: Reply): void {
  writeAll(REPLIES_FD, toLine(reply))
}

/** The same for the watcher, whose lines must not get between those of the main thread. */
export function sayAsWatcher(reply: Reply): void {
  writeAll(WATCH_FD, toLine(reply))
}

function writeAll(fd: number, text: string): void {
  let rest = Buffer.from(text)
  while (rest.length > 0) rest = rest.subarray(writeSync(fd, rest))
}
