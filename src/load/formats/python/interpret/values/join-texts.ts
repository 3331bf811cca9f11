import type { At } from '../../nodes.ts'
import { isText, scalar, untold } from './make.ts'
import type { Value } from './value.ts'

/** Characters; `"a" * 10 ** 9` would take all memory. */
export const MAX_TEXT = 256 * 1024

/** One text of several, as far as variables of the environment allow. */
export function joinTexts(values: readonly Value[], at: At): Value {
  const parts: Value[] = []
  for (const part of values.flatMap((value) => (value.kind === 'parts' ? value.parts : [value]))) {
    const last = parts.at(-1)
    if (isText(last) && isText(part))
      parts[parts.length - 1] = scalar(last.value + part.value, last.at)
    else parts.push(part)
  }
  const [first] = parts
  const length = parts.reduce((sum, part) => sum + (isText(part) ? part.value.length : 0), 0)
  if (length > MAX_TEXT) return untold('is a text of more than 256 kB', at)
  if (first === undefined) return scalar('', at)
  return parts.length === 1 && isText(first)
    ? scalar(first.value, at)
    : { kind: 'parts', parts, at }
}
