import type { JsonSchema } from './model.ts'

/** Makes a text for a property, from its name (empty at the top). */
export type TextFor = (property: string) => string

/** The keywords that are followed; what they hold is checked where it is read. */
type Keyword =
  | ('$ref' | 'allOf' | 'anyOf' | 'oneOf' | 'const' | 'default' | 'enum' | 'examples' | 'type')
  | ('properties' | 'required' | 'items' | 'prefixItems' | 'minItems' | 'maxItems')
  | ('format' | 'minLength' | 'maxLength')
  | ('minimum' | 'maximum' | 'exclusiveMinimum' | 'exclusiveMaximum' | 'multipleOf')
type Schema = { readonly [Name in Keyword]?: unknown }

interface Place {
  readonly root: Schema
  readonly textFor: TextFor
  /** Name of the property. */
  readonly name: string
  readonly depth: number
}

/** From here on only what is required is filled in, so that a schema that refers to itself comes to an end. */
const ENOUGH_DEPTH = 4
/** A schema that requires itself for ever has no instance. */
const MAX_DEPTH = 32

/**
 * An instance of a JSON Schema: types, enums, constants, properties, arrays, formats and bounds, references within the
 * schema, `anyOf`, `oneOf`, and `allOf` of objects. Patterns and conditions are not followed.
 */
export function exampleOf(schema: JsonSchema, textFor: TextFor): unknown {
  return instance(schema, { root: schema, textFor, name: '', depth: 0 })
}

function instance(given: unknown, place: Place): unknown {
  if (place.depth > MAX_DEPTH) return null
  const schema = resolve(given, place.root)
  if (schema.const !== undefined) return schema.const
  if (schema.default !== undefined) return schema.default
  const [listed] = [...list(schema.enum), ...list(schema.examples)]
  if (listed !== undefined) return listed
  const choices = [...list(schema.anyOf), ...list(schema.oneOf)]
  return choices.length > 0 ? instance(choose(choices, place), place) : ofType(schema, place)
}

/** The first choice; deep down the shortest way out. */
function choose(choices: readonly unknown[], { root, depth }: Place): unknown {
  const isNull = (choice: unknown) => resolve(choice, root).type === 'null'
  return (depth >= ENOUGH_DEPTH && choices.find(isNull)) || choices[0]
}

function ofType(schema: Schema, place: Place): unknown {
  switch (typeOf(schema)) {
    case 'object':
      return objectOf(schema, place)
    case 'array':
      return arrayOf(schema, place)
    case 'string':
      return stringOf(schema, place)
    case 'integer':
    case 'number':
      return numberOf(schema)
    case 'boolean':
      return true
    default:
      return null
  }
}

function typeOf(schema: Schema): unknown {
  if (schema.type !== undefined) return Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (schema.properties !== undefined) return 'object'
  return schema.items === undefined ? 'string' : 'array'
}

function objectOf(schema: Schema, place: Place): object {
  const required = list(schema.required)
  const wanted = Object.entries(record(schema.properties)).filter(
    ([name]) => place.depth < ENOUGH_DEPTH || required.includes(name),
  )
  return Object.fromEntries(
    wanted.map(([name, property]) => [name, instance(property, below(place, name))]),
  )
}

function arrayOf(schema: Schema, place: Place): readonly unknown[] {
  const within = below(place, place.name)
  const prefix = list(schema.prefixItems)
  if (prefix.length > 0) return prefix.map((item) => instance(item, within))
  const wanted = Math.max(number(schema.minItems) ?? 0, place.depth < ENOUGH_DEPTH ? 1 : 0)
  const length = Math.min(wanted, number(schema.maxItems) ?? wanted)
  return Array.from({ length }, () => instance(schema.items ?? {}, within))
}

const FORMATS: ReadonlyMap<unknown, string> = new Map([
  ['date-time', '2030-01-01T12:00:00Z'],
  ['date', '2030-01-01'],
  ['time', '12:00:00Z'],
  ['duration', 'P1D'],
  ['email', 'someone@example.com'],
  ['uri', 'https://example.com/'],
  ['url', 'https://example.com/'],
  ['uuid', '00000000-0000-4000-8000-000000000000'],
  ['ipv4', '192.0.2.1'],
  ['ipv6', '2001:db8::1'],
])

function stringOf(schema: Schema, { textFor, name }: Place): string {
  const text = FORMATS.get(schema.format) ?? textFor(name)
  return text.padEnd(number(schema.minLength) ?? 0, '.').slice(0, number(schema.maxLength))
}

/** 1, or the allowed number next to it. */
function numberOf(schema: Schema): number {
  const step = number(schema.multipleOf) ?? 1
  const above = number(schema.exclusiveMinimum) ?? -Infinity
  const under = number(schema.exclusiveMaximum) ?? Infinity
  const least = number(schema.minimum) ?? above + step
  const most = number(schema.maximum) ?? under - step
  // No whole step lies between the bounds, as with 0 < x < 1.
  if (least > most) return (Math.max(least - step, above) + Math.min(most + step, under)) / 2
  const wanted = Math.min(Math.max(1, least), most)
  const rounded = Math.ceil(wanted / step) * step
  return rounded > most ? Math.floor(wanted / step) * step : rounded
}

/** Follows `$ref` and joins `allOf`. */
function resolve(given: unknown, root: Schema): Schema {
  const schema: Schema = record(given)
  if (typeof schema.$ref === 'string') return { ...follow(schema.$ref, root), ...omitRef(schema) }
  const parts = list(schema.allOf).map((part) => resolve(part, root))
  return parts.length === 0 ? schema : parts.reduce(join, schema)
}

function follow(pointer: string, root: Schema): Schema {
  const path = pointer.split('/').slice(1)
  const keys = path.map((key) =>
    decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'),
  )
  return resolve(
    keys.reduce<unknown>((value, key) => record(value)[key], root),
    root,
  )
}

function omitRef({ $ref: _, ...rest }: Schema): Schema {
  return rest
}

function join(a: Schema, b: Schema): Schema {
  return {
    ...a,
    ...b,
    properties: { ...record(a.properties), ...record(b.properties) },
    required: [...list(a.required), ...list(b.required)],
  }
}

function below(place: Place, name: string): Place {
  return { ...place, name, depth: place.depth + 1 }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
