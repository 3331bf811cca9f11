import { isMap } from '../../source.ts'
import { type Code, called, literal, raw, zod } from './code.ts'
import {
  arrayOf,
  numberOf,
  objectOf,
  type Schema,
  stringOf,
  type ToZod,
  withNotes,
} from './zod-types.ts'

/** JSON Schema as TypeScript: types that the parameters refer to, in order, and the parameters. */
export interface ZodCode {
  readonly definitions: readonly Definition[]
  readonly parameters: Code
}

export interface Definition {
  readonly name: string
  readonly code: Code
  /** Whether it is made of itself, so that the compiler has to be told its type. */
  readonly isRecursive: boolean
}

/** @param schema of a tool's parameters, as pydantic writes it; null: nobody knows, and there are none */
export function zodOf(schema: Schema | null): ZodCode {
  const named = createDefinitions(schema?.['$defs'])
  const toZod: ToZod = (one) => {
    const code = typeOf(one, toZod, named.refer)
    return isMap(one) ? withNotes(code, one) : code
  }
  named.start(toZod)
  const isObject = schema !== null && (schema['type'] === 'object' || isMap(schema['properties']))
  const parameters = objectOf(isObject ? schema : {}, toZod, 'always')
  return { definitions: named.made(), parameters }
}

const REFERENCE = /^#\/\$defs\/(.+)$/

function createDefinitions(given: unknown) {
  const schemas = isMap(given) ? given : {}
  const names = new Map<string, string>()
  const making = new Set<string>()
  const recursive = new Set<string>()
  const made: Definition[] = []
  let toZod: ToZod = () => zod('unknown')
  const refer = (reference: unknown): Code => {
    const key = REFERENCE.exec(String(reference))?.[1] ?? ''
    if (!Object.hasOwn(schemas, key)) return zod('unknown')
    const name = names.get(key) ?? freeName(key, [...names.values()])
    names.set(key, name)
    if (making.has(key)) {
      recursive.add(key)
      return zod('lazy', raw(`() => ${name}`))
    }
    if (!made.some((one) => one.name === name)) {
      making.add(key)
      const code = toZod(schemas[key])
      making.delete(key)
      made.push({ name, code, isRecursive: recursive.has(key) })
    }
    return raw(name)
  }
  return {
    refer,
    made: () => made,
    start: (maker: ToZod) => {
      toZod = maker
    },
  }
}

const TAKEN =
  /^(z|defineTool|default|export|import|new|class|const|enum|function|delete|null|this)$/

function freeName(key: string, others: readonly string[]): string {
  const clean = key.replaceAll(/[^A-Za-z0-9]+(.)?/g, (_, next = '') => String(next).toUpperCase())
  const camel = clean.charAt(0).toLowerCase() + clean.slice(1)
  const wanted = /^[a-z]/.test(camel) && !TAKEN.test(camel) ? camel : `type${clean}`
  let name = wanted
  for (let count = 2; others.includes(name); count += 1) name = `${wanted}${count}`
  return name
}

function typeOf(schema: unknown, toZod: ToZod, refer: (reference: unknown) => Code): Code {
  if (schema === false) return zod('never')
  if (!isMap(schema)) return zod('unknown')
  if ('$ref' in schema) return refer(schema['$ref'])
  if ('const' in schema) return constant([schema['const']])
  if (Array.isArray(schema['enum'])) return constant(schema['enum'])
  const choices = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(choices)) return union(choices, toZod)
  const [first, ...others] = Array.isArray(schema['allOf']) ? schema['allOf'].map(toZod) : []
  if (first !== undefined) return others.reduce((all, one) => called(all, 'and', one), first)
  const { type } = schema
  if (Array.isArray(type))
    return union(
      type.map((one: unknown) => ({ ...withoutNotes(schema), type: one })),
      toZod,
    )
  return ofType(type ?? (isMap(schema['properties']) ? 'object' : undefined), schema, toZod)
}

function ofType(type: unknown, schema: Schema, toZod: ToZod): Code {
  switch (type) {
    case 'string':
      return stringOf(schema)
    case 'integer':
    case 'number':
      return numberOf(schema)
    case 'boolean':
      return zod('boolean')
    case 'null':
      return zod('null')
    case 'array':
      return arrayOf(schema, toZod)
    case 'object':
      return objectOf(schema, toZod, 'with properties')
    default:
      return zod('unknown')
  }
}

function withoutNotes({ description: _, default: __, examples: ___, ...schema }: Schema): Schema {
  return schema
}

function constant(values: readonly unknown[]): Code {
  const scalars = values.filter((value) => typeof value !== 'object' || value === null)
  const [only] = scalars
  if (scalars.length === 0) return zod('unknown')
  if (scalars.length === 1) return only === null ? zod('null') : zod('literal', literal(only))
  const isText = scalars.every((value) => typeof value === 'string')
  return zod(isText ? 'enum' : 'literal', literal(scalars))
}

function union(choices: readonly unknown[], toZod: ToZod): Code {
  const others = choices.filter((choice) => !isNull(choice))
  const [first, ...rest] = others.map(toZod)
  if (first === undefined) return zod('null')
  const one = rest.length === 0 ? first : zod('union', { kind: 'array', items: [first, ...rest] })
  return others.length < choices.length ? called(one, 'nullable') : one
}

function isNull(schema: unknown): boolean {
  return isMap(schema) && (schema['type'] === 'null' || schema['const'] === null)
}
