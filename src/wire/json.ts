/** What JSON crosses the border in either direction. */

import { MAX_DEPTH, MAX_NODES, refusalOf, TOO_DEEP, TOO_MANY } from '../crew/inputs/json.ts'
import { shapeOf } from './json-bytes.ts'

/** What {@link refusalOf} says of the value of a JSON text, as far as it can be told before it is parsed. What is no JSON passes, or is refused. */
export function refusalOfBytes(text: Uint8Array): string | null {
  // A value takes two bytes at least.
  if (text.length <= 2 * MAX_NODES) return null
  const { nodes, depth } = shapeOf(text, { nodes: MAX_NODES, depth: MAX_DEPTH })
  if (depth > MAX_DEPTH) return TOO_DEEP
  return nodes > MAX_NODES ? TOO_MANY : null
}

/** The JSON object that `text` is; null when it is anything else, or could not be sent on. */
export function parseObject(text: string): Record<string, unknown> | null {
  // Most answers are prose: they are told by their first character, not by an exception.
  if (!/^\s*\{/.test(text)) return null
  try {
    const value: unknown = JSON.parse(text)
    return refusalOf(value) === null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
