import type { Writable } from 'node:stream'
import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Not into a file or a pipe, and as `NO_COLOR` and `FORCE_COLOR` say. */
export function paintFor(stream: Writable) {
  return (style: Style, text: string): string => styleText(style, text, { stream })
}

export const paint = paintFor(process.stdout)
