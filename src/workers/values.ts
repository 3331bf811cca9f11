/**
 * A value of a crew's code as JSON: what JSON cannot hold is an object with the one key `$`, so that the server can say
 * what is wrong with it, and a tool is the key by which it can be called.
 */
export type EncodedValue =
  | string
  | number
  | boolean
  | null
  | readonly EncodedValue[]
  | { readonly [key: string]: EncodedValue }

const MARK = '$'

/** What stands under `$`. `map` is an object that has a key `$` itself, `instance` one of a class. */
type Marked =
  | readonly ['tool', string]
  | readonly ['map' | 'instance', Entries]
  | readonly ['number' | 'bigint', string]
  | readonly ['undefined' | 'function' | 'symbol' | 'circle']
  /** What stays in its process, and is described here. */
  | readonly ['held', unknown]
type Entries = readonly (readonly [string, EncodedValue])[]

/** @param toolKey of a value that is a tool; null: it is none */
export function encodeValue(
  value: unknown,
  toolKey: (value: object) => string | null,
  around: readonly object[] = [],
): EncodedValue {
  if (typeof value !== 'object' || value === null) return encodeScalar(value)
  const key = toolKey(value)
  if (key !== null) return mark(['tool', key])
  if (around.includes(value)) return mark(['circle'])
  const encode = (inner: unknown) => encodeValue(inner, toolKey, [...around, value])
  if (Array.isArray(value)) return value.map(encode)
  const entries = Object.entries(value).map(([name, inner]) => [name, encode(inner)] as const)
  if (!isPlainObject(value)) return mark(['instance', entries])
  return MARK in value ? mark(['map', entries]) : Object.fromEntries(entries)
}

function encodeScalar(value: unknown): EncodedValue {
  if (typeof value === 'function') return mark(['function'])
  if (typeof value === 'symbol') return mark(['symbol'])
  if (typeof value === 'bigint') return mark(['bigint', String(value)])
  if (typeof value === 'number' && !Number.isFinite(value)) return mark(['number', String(value)])
  return value === undefined ? mark(['undefined']) : (value as string | number | boolean | null)
}

/** The value again. What JSON cannot hold is of the same type, but empty. */
export function decodeValue(
  value: EncodedValue,
  tool: (key: string) => unknown,
  held: (data: unknown) => unknown = () => new Map(),
): unknown {
  return decode(value, { tool, held })
}

interface Known {
  tool(key: string): unknown
  held(data: unknown): unknown
}

function decode(value: EncodedValue, known: Known): unknown {
  if (Array.isArray(value)) return value.map((inner) => decode(inner, known))
  if (typeof value !== 'object' || value === null) return value
  if (MARK in value) return unmark(value[MARK] as unknown as Marked, known)
  return decodeEntries(Object.entries(value), known)
}

function unmark(marked: Marked, known: Known): unknown {
  switch (marked[0]) {
    case 'tool':
      return known.tool(marked[1])
    case 'held':
      return known.held(marked[1])
    case 'map':
      return decodeEntries(marked[1], known)
    case 'number':
      return Number(marked[1])
    case 'bigint':
      return BigInt(marked[1])
    case 'function':
      return () => {}
    case 'symbol':
      return Symbol('')
    case 'instance':
      return Object.assign(new Map(), decodeEntries(marked[1], known))
    case 'circle':
      return new Map()
    case 'undefined':
      return undefined
  }
}

function decodeEntries(entries: Entries, known: Known): object {
  return Object.fromEntries(entries.map(([name, inner]) => [name, decode(inner, known)]))
}

/** What JSON has no form for. */
export function mark(
  marked: Marked | readonly [kind: string, ...parts: EncodedValue[]],
): EncodedValue {
  return { [MARK]: marked as unknown as EncodedValue }
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
