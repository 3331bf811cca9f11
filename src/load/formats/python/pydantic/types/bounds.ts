import { type Core, core, toJsonSchema } from './core.ts'

const NUMBERS = ['int', 'float', 'decimal', 'date', 'time', 'datetime', 'timedelta']
const SIZED = ['str', 'bytes', 'url', 'list', 'tuple', 'set', 'frozenset', 'generator', 'dict']
const LENGTHS: ReadonlySet<string> = new Set(['min_length', 'max_length'])

/** The kinds of type that check a bound themselves; others are wrapped in a check. */
const TAKERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['multiple_of', NUMBERS],
  ['le', NUMBERS],
  ['ge', NUMBERS],
  ['lt', NUMBERS],
  ['gt', NUMBERS],
  ['min_length', SIZED],
  ['max_length', SIZED],
  ['pattern', ['str', 'bytes', 'url']],
  ['max_digits', ['decimal']],
  ['decimal_places', ['decimal']],
])

/** Bounds that no JSON Schema tells. */
const SILENT: ReadonlySet<string> = new Set([
  'strict',
  'strip_whitespace',
  'to_lower',
  'to_upper',
  'coerce_numbers_to_str',
  'allow_inf_nan',
  'union_mode',
  'fail_fast',
])

/** What {@link bound} knows, as pydantic spells it. */
export function isBound(name: string): boolean {
  return TAKERS.has(name) || SILENT.has(name)
}

/** A type with one bound more, e.g. `ge` 0; null: pydantic refuses it on such a type. */
export function bound(one: Core, name: string, value: unknown): Core | null {
  if (value === null || value === undefined || SILENT.has(name)) return one
  if (one.inner !== null) {
    const inner = bound(one.inner, name, value)
    return inner === null ? null : { ...one, inner }
  }
  // A copy of the definition under a name that nobody writes.
  if (one.type === 'ref') return null
  if (TAKERS.get(name)?.includes(one.type) === true)
    return { ...one, bounds: { ...one.bounds, [name]: value } }
  // Of a union, say: pydantic only checks it, and tells it as it can.
  if (name === 'pattern') return one
  if (name === 'max_digits' || name === 'decimal_places') return null
  return core('function-after', toJsonSchema(one), { updates: { [wrappedName(name, one)]: value } })
}

function wrappedName(name: string, { type }: Core): string {
  if (!LENGTHS.has(name)) return name
  // Only of a `Sequence` does pydantic know here that it has items.
  return `${name === 'min_length' ? 'min' : 'max'}${type === 'sequence' ? 'Items' : 'Length'}`
}
