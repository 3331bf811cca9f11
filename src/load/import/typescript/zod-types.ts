import { isMap } from '../../source.ts'
import { type Code, called, type Entry, literal, raw, zod } from './code.ts'

export type Schema = Readonly<Record<string, unknown>>
/** A schema as code. */
export type ToZod = (schema: unknown) => Code

/** Formats that zod has checks for. What it takes is what pydantic takes, as JSON has it. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['email', 'email'],
  ['uri', 'url'],
  ['uuid', 'uuid'],
  ['ipv4', 'ipv4'],
  ['ipv6', 'ipv6'],
])

export function stringOf(schema: Schema): Code {
  const { format, pattern } = schema
  const date: Code = { kind: 'chain', head: 'z.iso', calls: [{ name: 'date', args: [] }] }
  const base = format === 'date' ? date : zod(FORMATS.get(String(format)) ?? 'string')
  const bounded = withBounds(base, schema, { minLength: 'min', maxLength: 'max' })
  const expression = typeof pattern === 'string' ? expressionOf(pattern) : null
  return expression === null ? bounded : called(bounded, 'regex', raw(expression))
}

/** Null: Python knows it, and JavaScript does not. */
function expressionOf(pattern: string): string | null {
  try {
    return String(new RegExp(pattern))
  } catch {
    return null
  }
}

export function numberOf(schema: Schema): Code {
  return withBounds(zod(schema['type'] === 'integer' ? 'int' : 'number'), schema, {
    minimum: 'min',
    exclusiveMinimum: 'gt',
    maximum: 'max',
    exclusiveMaximum: 'lt',
    multipleOf: 'multipleOf',
  })
}

export function arrayOf(schema: Schema, toZod: ToZod): Code {
  const { items, prefixItems } = schema
  if (Array.isArray(prefixItems)) {
    const rest = isMap(items) ? [toZod(items)] : []
    return zod('tuple', { kind: 'array', items: prefixItems.map(toZod) }, ...rest)
  }
  const bounds = { minItems: 'min', maxItems: 'max' }
  return withBounds(zod('array', toZod(items)), schema, bounds)
}

/** @param kind a map without properties is a `z.record` otherwise */
export function objectOf(schema: Schema, toZod: ToZod, kind: 'always' | 'with properties'): Code {
  const { properties, additionalProperties: others, required } = schema
  const entries = isMap(properties) ? Object.entries(properties) : []
  if (entries.length === 0 && kind === 'with properties' && others !== false)
    return zod('record', zod('string'), toZod(others === true ? {} : others))
  const names: readonly unknown[] = Array.isArray(required) ? required : []
  const fields = entries
    .filter(([name]) => name !== '__proto__')
    .map(([name, one]): Entry => ({ name, value: fieldOf(one, names.includes(name), toZod) }))
  const object: Code = { kind: 'object', entries: fields }
  if (others === false) return zod('strictObject', object)
  if (others === true) return zod('looseObject', object)
  return isMap(others)
    ? called(zod('object', object), 'catchall', toZod(others))
    : zod('object', object)
}

function fieldOf(schema: unknown, isRequired: boolean, toZod: ToZod): Code {
  if (!isMap(schema) || isRequired) return toZod(schema)
  const { description, examples, ...rest } = schema
  const bare = toZod(rest)
  return withNotes(withDefault(bare, schema['default'], schema), { description, examples })
}

/** What is left out is the default, or nothing. One of another type is none to the compiler. */
function withDefault(code: Code, byDefault: unknown, schema: Schema): Code {
  if (byDefault === undefined) return called(code, 'optional')
  if (byDefault === null)
    return called(isNullable(code) ? code : called(code, 'nullable'), 'default', raw('null'))
  return fits(byDefault, schema)
    ? called(code, 'default', literal(byDefault))
    : called(code, 'optional')
}

function isNullable(code: Code): boolean {
  return (
    code.kind === 'chain' &&
    code.calls.some(({ name }) => name === 'nullable' || name === 'unknown')
  )
}

/** Whether the compiler takes it, as far as the type itself tells. */
function fits(value: unknown, { type, enum: members, $ref: reference, anyOf }: Schema): boolean {
  if (reference !== undefined) return false
  if (Array.isArray(anyOf)) return anyOf.some((one) => isMap(one) && fits(value, one))
  if (Array.isArray(members)) return members.includes(value)
  switch (type) {
    case 'string':
    case 'boolean':
      return typeof value === type
    case 'integer':
    case 'number':
      return typeof value === 'number'
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isMap(value)
    default:
      return type === undefined
  }
}

/** What models are told of it. */
export function withNotes(code: Code, { description, examples }: Schema): Code {
  const told =
    typeof description === 'string' && description !== ''
      ? called(code, 'describe', literal(description))
      : code
  return Array.isArray(examples) && examples.length > 0
    ? called(told, 'meta', literal({ examples }))
    : told
}

function withBounds(base: Code, schema: Schema, bounds: Readonly<Record<string, string>>): Code {
  return Object.entries(bounds).reduce((code, [keyword, check]) => {
    const bound = schema[keyword]
    return typeof bound === 'number' ? called(code, check, literal(bound)) : code
  }, base)
}
