import { hasMany, list, scalar } from './make.ts'
import type { Value } from './value.ts'

/** What a `for` goes through; null: not known. */
export function iterate(value: Value): readonly Value[] | null {
  if (value.kind === 'list') return hasMany(value.items) ? null : [...value.items]
  if (value.kind === 'dict') return [...value.entries.keys()].map((key) => scalar(key, value.at))
  if (value.kind === 'scalar' && typeof value.value === 'string')
    return [...value.value].map((letter) => scalar(letter, value.at))
  return null
}

/** `dict.items()` */
export function itemsOf(value: Value): Value | null {
  if (value.kind !== 'dict') return null
  const pairs = [...value.entries].map(([key, item]) =>
    list([scalar(key, value.at), item], value.at, true),
  )
  return list(pairs, value.at)
}
