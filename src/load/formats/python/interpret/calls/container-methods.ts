import type { At } from '../../nodes.ts'
import { itemsOf, iterate } from '../values/iterate.ts'
import { hasMany, isText, list, manyOf, scalar, untold } from '../values/make.ts'
import type { Dict, List, Value } from '../values/value.ts'
import type { Arguments } from '../world.ts'

/** Methods that change nothing; of every other one that is not followed the list is unknown afterwards. */
const HARMLESS = new Set(['copy', 'count', 'index', 'get', 'keys', 'values', 'items', '__len__'])

/** `list.append(…)` and the like; null: not known. */
export function listMethod(self: List, name: string, { args }: Arguments, at: At): Value | null {
  if (name === 'copy') return list(self.items, at)
  if (HARMLESS.has(name)) return null
  const change = LIST_CHANGES.get(name)
  if (change?.(self.items, args) === true) return scalar(null, at)
  if (name === 'pop' && !hasMany(self.items)) {
    const position = args.length === 0 ? -1 : positionOf(args[0])
    const [taken] = position === null ? [] : self.items.splice(position, 1)
    if (taken !== undefined) return taken
  }
  const unknown = untold(`is changed by ${name}(), which cannot be followed`, at)
  self.items.splice(0, self.items.length, unknown)
  return null
}

type Change = (items: Value[], args: readonly Value[]) => boolean

/** False: it cannot be followed. */
const LIST_CHANGES: ReadonlyMap<string, Change> = new Map<string, Change>([
  ['append', (items, [item]) => item !== undefined && items.push(item) > 0],
  // Of a set.
  ['add', (items, [item]) => item !== undefined && items.push(item) > 0],
  ['extend', (items, [more]) => more !== undefined && items.push(...itemsIn(more)) >= 0],
  [
    'insert',
    (items, [at, item]) => {
      const position = positionOf(at)
      if (position === null || item === undefined || hasMany(items)) return false
      items.splice(position, 0, item)
      return true
    },
  ],
  ['clear', (items) => items.splice(0).length >= 0],
  ['reverse', (items) => items.reverse().length >= 0],
])

function itemsIn(more: Value): readonly Value[] {
  return iterate(more) ?? (more.kind === 'list' ? more.items : [manyOf(more)])
}

function positionOf(value: Value | undefined): number | null {
  return value?.kind === 'scalar' && typeof value.value === 'number' ? value.value : null
}

/** `dict.get(…)` and the like; null: not known. */
export function dictMethod(
  self: Dict,
  name: string,
  { args: [first, second], keywords }: Arguments,
  at: At,
): Value | null {
  const { entries } = self
  if (isText(first) && ENTRY_METHODS.has(name))
    return entryMethod(self, name, { key: first.value, fallback: second, at })
  switch (name) {
    case 'keys':
      return list(iterate(self) ?? [], at)
    case 'values':
      return list([...entries.values()], at)
    case 'items':
      return itemsOf(self)
    case 'copy':
      return { ...self, entries: new Map(entries) }
    case 'update':
      return update(self, first, keywords, at)
    default:
      if (!HARMLESS.has(name)) spoil(entries, name, at)
      return null
  }
}

function update(
  { entries }: Dict,
  more: Value | undefined,
  keywords: Arguments['keywords'],
  at: At,
): Value | null {
  if (more !== undefined && more.kind !== 'dict') {
    spoil(entries, 'update', at)
    return null
  }
  for (const [key, value] of more?.entries ?? []) entries.set(key, value)
  for (const [key, { value }] of keywords) entries.set(key, value)
  return scalar(null, at)
}

function spoil(entries: Map<string, Value>, name: string, at: At): void {
  const unknown = untold(`is changed by ${name}(), which cannot be followed`, at)
  for (const key of entries.keys()) entries.set(key, unknown)
}

const ENTRY_METHODS = new Set(['get', 'pop', 'setdefault'])

interface Entry {
  readonly key: string
  readonly fallback: Value | undefined
  readonly at: At
}

function entryMethod({ entries }: Dict, name: string, { key, fallback, at }: Entry): Value {
  const value = entries.get(key)
  if (name === 'get') return value ?? fallback ?? scalar(null, at)
  if (name === 'pop') {
    entries.delete(key)
    return value ?? fallback ?? untold(`there is no "${key}" to be taken out`, at)
  }
  const kept = value ?? fallback ?? scalar(null, at)
  entries.set(key, kept)
  return kept
}
