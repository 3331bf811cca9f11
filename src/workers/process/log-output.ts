import type { Readable } from 'node:stream'
import type { Logger } from 'pino'
import { readLines } from './lines.ts'

/** A longer line is cut. */
const MAX_LINE_CHARS = 4_000
/** What is printed beyond waits for the next second, and so does the code that prints it. */
const MAX_BYTES_PER_SECOND = 256_000

/** Logs what the code of a crew prints, line by line. */
export function logOutput(stream: Readable, log: Logger): void {
  let bytes = 0
  let since = performance.now()
  readLines(stream, {
    maxChars: MAX_LINE_CHARS,
    onLine: (output) => log.debug({ output }, 'a crew printed'),
  })
  stream.on('data', (chunk: string) => {
    const elapsedMs = performance.now() - since
    if (elapsedMs > 1000) {
      bytes = 0
      since = performance.now()
    }
    bytes += chunk.length
    if (bytes < MAX_BYTES_PER_SECOND) return
    stream.pause()
    setTimeout(() => stream.resume(), Math.max(0, 1000 - elapsedMs)).unref()
  })
}
