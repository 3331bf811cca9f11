import type { Readable } from 'node:stream'
import type { Reply, Request } from '../protocol.ts'

/** A longer line ends the worker that sends it: nothing it may say is that long. */
export const MAX_MESSAGE_CHARS = 32_000_000

export function toLine(message: Request | Reply): string {
  return `${JSON.stringify(message)}\n`
}

export interface LineReader {
  /** A whole line, or the first `maxChars` of a longer one. */
  onLine(line: string): void
  /** A line is longer than `maxChars`; the rest of it is dropped. */
  onTooLong?(): void
  readonly maxChars: number
}

/** Reads UTF-8 text line by line, holding no more than one line of `maxChars`. */
export function readLines(stream: Readable, { onLine, onTooLong, maxChars }: LineReader): void {
  let parts: string[] = []
  let chars = 0
  let isCut = false

  function add(text: string): void {
    const fitting = text.slice(0, maxChars - chars)
    parts.push(fitting)
    chars += fitting.length
    if (fitting.length === text.length || isCut) return
    isCut = true
    onTooLong?.()
  }

  function endLine(): void {
    const line = parts.join('')
    parts = []
    chars = 0
    isCut = false
    if (line !== '') onLine(line)
  }

  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const [first = '', ...more] = chunk.split('\n')
    add(first)
    for (const text of more) {
      endLine()
      add(text)
    }
  })
  stream.on('end', endLine)
  // Its end is told by the end of the process.
  stream.on('error', () => {})
}
