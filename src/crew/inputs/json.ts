/** What JSON is taken from outside. */

/** Deeper values made `JSON.stringify` and PostgreSQL's jsonb fail with errors of their own. */
export const MAX_DEPTH = 64
/**
 * Values and containers. Bounds the work that one body can cause: one of 8 MiB, in the
 * worst of 25 shapes, held the loop for 35 ms at a time.
 */
export const MAX_NODES = 25_000

/**
 * Why a parsed value is refused, worded to follow its name (`… is nested deeper than …`); null when it is fine.
 * Takes time and memory linear in the value, at any depth.
 */
export function refusalOf(root: unknown): string | null {
  const values = [root]
  const depths = [0]
  for (let nodes = 1; values.length > 0; nodes++) {
    if (nodes > MAX_NODES) return TOO_MANY
    const value = values.pop()
    const depth = depths.pop() ?? 0
    const refusal = refusalOfOne(value, depth)
    if (refusal !== null) return refusal
    const children = isContainer(value) ? Object.values(value) : []
    for (const child of children) {
      values.push(child)
      depths.push(depth + 1)
    }
  }
  return null
}

export const TOO_MANY = `holds more than ${MAX_NODES} values`
export const TOO_DEEP = `is nested deeper than ${MAX_DEPTH} levels`

function refusalOfOne(value: unknown, depth: number): string | null {
  if (typeof value === 'string') return refusalOfText(value)
  if (typeof value === 'number')
    return Number.isFinite(value) ? null : 'holds a number that is out of range'
  if (!isContainer(value)) return null
  if (depth >= MAX_DEPTH) return TOO_DEEP
  return Array.isArray(value) ? null : refusalOfKeys(value)
}

function refusalOfKeys(object: object): string | null {
  for (const key of Object.keys(object)) {
    const refusal = refusalOfText(key)
    if (refusal !== null) return refusal
  }
  return isPoisoned(object) ? 'holds a key that would change a prototype' : null
}

/** Databases store neither: PostgreSQL answers 22P05 and 22P02. */
function refusalOfText(text: string): string | null {
  if (text.includes('\0')) return 'holds a NUL character'
  return text.isWellFormed() ? null : 'holds a lone surrogate, which is not Unicode text'
}

/** The two shapes that a careless merge turns into changes of `Object.prototype`. */
function isPoisoned(object: object): boolean {
  if (Object.hasOwn(object, '__proto__')) return true
  if (!Object.hasOwn(object, 'constructor')) return false
  return isContainer(object.constructor) && Object.hasOwn(object.constructor, 'prototype')
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
