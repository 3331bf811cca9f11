import type { JsonSchema } from '../../../../../llm/model.ts'
import type { ClassMeaning } from '../scope.ts'

/** A type as pydantic sees it, before it becomes JSON Schema: which bounds it takes depends on its kind. */
export interface Core {
  /** As pydantic-core calls it; `ref` for what has a place of its own in `$defs`. */
  readonly type: string
  /** JSON Schema without bounds and updates. */
  readonly schema: JsonSchema
  /** E.g. `ge`, as pydantic spells it. */
  readonly bounds: JsonSchema
  /** Written over the schema at the end. */
  readonly updates: JsonSchema
  /** Of `nullable`: what may be null. */
  readonly inner: Core | null
  /** Of `union`. */
  readonly choices: readonly Core[]
  /** Of `ref`: the class. */
  readonly owner: ClassMeaning | null
}

export function core(type: string, schema: JsonSchema, more: Partial<Core> = {}): Core {
  return {
    type,
    schema,
    bounds: {},
    updates: {},
    inner: null,
    choices: [],
    owner: null,
    ...more,
  }
}

export const ANY = core('any', {})
export const NONE = core('none', { type: 'null' })

/** What has a title in `$defs` takes none from the name of a field. */
export function takesTitle({ type, inner }: Core): boolean {
  return inner === null ? type !== 'ref' : takesTitle(inner)
}

/** `Union[…]`, in which a None is moved to the end and a union is spread. */
export function unionOf(parts: readonly Core[]): Core {
  const flat = parts.flatMap(spread)
  const choices = flat.filter(({ type }) => type !== 'none')
  const [first] = choices
  if (first === undefined) return NONE
  const whole = choices.length === 1 ? first : core('union', {}, { choices })
  return choices.length === flat.length ? whole : core('nullable', {}, { inner: whole })
}

export function toJsonSchema(one: Core): JsonSchema {
  return { ...withoutUpdates(one), ...one.updates }
}

/** `anyOf`, unless there is only one. */
function anyOf(schemas: readonly JsonSchema[]): JsonSchema {
  const flat = schemas.flatMap((schema) => {
    const { anyOf: members } = schema
    return Array.isArray(members) && Object.keys(schema).length === 1
      ? (members as readonly JsonSchema[])
      : [schema]
  })
  const members = [...new Map(flat.map((schema) => [canonical(schema), schema])).values()]
  const [only] = members
  return members.length === 1 && only !== undefined ? only : { anyOf: members }
}

/** The same text for the same JSON, in whichever order its keys stand. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}

function spread(one: Core): readonly Core[] {
  if (Object.keys(one.updates).length > 0) return [one]
  if (one.type === 'union') return one.choices
  if (one.type === 'nullable' && one.inner !== null) return [...spread(one.inner), NONE]
  return [one]
}

const NUMERIC = {
  multiple_of: 'multipleOf',
  le: 'maximum',
  ge: 'minimum',
  lt: 'exclusiveMaximum',
  gt: 'exclusiveMinimum',
}
const TEXT = { min_length: 'minLength', max_length: 'maxLength', pattern: 'pattern' }
const ITEMS = { min_length: 'minItems', max_length: 'maxItems' }

/** How each kind of type spells its bounds; what has none here keeps them to itself. */
const SPELLINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  int: NUMERIC,
  float: NUMERIC,
  str: TEXT,
  url: TEXT,
  bytes: { min_length: 'minLength', max_length: 'maxLength' },
  list: ITEMS,
  tuple: ITEMS,
  set: ITEMS,
  frozenset: ITEMS,
  generator: ITEMS,
  dict: { min_length: 'minProperties', max_length: 'maxProperties' },
}

function withoutUpdates({ type, schema, bounds, inner, choices }: Core): JsonSchema {
  if (inner !== null) {
    const value = toJsonSchema(inner)
    return value['type'] === 'null' ? value : anyOf([value, { type: 'null' }])
  }
  if (type === 'union') return anyOf(choices.map(toJsonSchema))
  if (type === 'decimal') return decimalSchema(bounds)
  const spelling = SPELLINGS[type] ?? {}
  const spelled = Object.entries(bounds).flatMap(([name, value]) => {
    const key = spelling[name]
    return key === undefined ? [] : [[key, value] as const]
  })
  return { ...schema, ...Object.fromEntries(spelled) }
}

/** A number, or a text with as many digits as its bounds let through. */
function decimalSchema(bounds: JsonSchema): JsonSchema {
  const { max_digits: digits, decimal_places: places, ...numeric } = bounds
  const number = withoutUpdates(core('float', { type: 'number' }, { bounds: numeric }))
  return { anyOf: [number, { type: 'string', pattern: decimalPattern(digits, places) }] }
}

function decimalPattern(digits: unknown, places: unknown): string {
  const start = '^(?!^[-+.]*$)[+-]?0*'
  if (typeof digits !== 'number')
    return `${start}${typeof places === 'number' ? `\\d*\\.?\\d{0,${places}}0*$` : '\\d*\\.?\\d*$'}`
  const whole = `(?=[\\d.]{1,${digits + 1}}0*$)`
  if (typeof places !== 'number') return `${start}(?:\\d{0,${digits}}|${whole}\\d*\\.\\d*0*$)`
  const before = Math.max(0, digits - places)
  return `${start}(?:\\d{0,${before}}|${whole}\\d{0,${before}}\\.\\d{0,${places}}0*$)`
}
