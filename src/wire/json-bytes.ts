/** How much it would be to parse a JSON text. */
export interface JsonShape {
  /** Values and containers. */
  readonly nodes: number
  /** Of the deepest container. */
  readonly depth: number
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const SPACE = 0x20

/** How many values a byte announces; a container announces its first, which an empty one takes back. */
const NODES = byByte({ ',': 1, '[': 1, '{': 1 })
const LEVELS = byByte({ '[': 1, '{': 1, ']': -1, '}': -1 })

function byByte(values: Readonly<Record<string, number>>): Int8Array {
  const table = new Int8Array(256)
  for (const [character, value] of Object.entries(values)) table[character.charCodeAt(0)] = value
  return table
}

/**
 * Measures a JSON text without parsing it, and stops when it goes beyond the limits. Of a text that is no JSON it says
 * nothing sensible. 8 MiB took 10 to 35 ms, where parsing some such texts took 900 ms.
 */
export function shapeOf(text: Uint8Array, limits: JsonShape): JsonShape {
  let nodes = 1
  let level = 0
  let depth = 0
  let before = 0
  for (let at = 0; at < text.length && nodes <= limits.nodes && depth <= limits.depth; at++) {
    const byte = text[at] ?? 0
    if (byte <= SPACE) continue
    if (byte === QUOTE) at = endOfString(text, at)
    nodes += NODES[byte] ?? 0
    if (LEVELS[byte] === -1 && LEVELS[before] === 1) nodes -= 1
    level += LEVELS[byte] ?? 0
    depth = Math.max(depth, level)
    before = byte
  }
  return { nodes, depth }
}

/** Where the closing quote is. */
function endOfString(text: Uint8Array, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== QUOTE) at += text[at] === BACKSLASH ? 2 : 1
  return at
}
