import { INPUT_TYPES, type InputType, type ValueSchema } from '../../../crew/inputs/declaration.ts'
import type { Path } from '../../problem.ts'
import { describeValue, isMap, wrongValue } from '../../source.ts'
import { isPlain } from '../../values/deep-freeze.ts'
import { nearest } from '../nearest.ts'
import { KEYWORDS, OWN_KEYWORDS, toFlag } from './keywords.ts'
import { wrongValues } from './wrong-values.ts'

/** Says what is wrong at a place in the declaration. */
export type Complain = (path: Path, message: string) => void

/** What the values in a value may be goes no deeper: who declares more means another thing than inputs. */
const MAX_DEPTH = 8

/** By JSON Schema's name, with the place of each. */
type Fields = ReadonlyMap<string, { readonly value: unknown; readonly path: Path }>

/** A map of fields as a schema; undefined: something is wrong, which is complained of. */
export function readSchema(
  value: unknown,
  path: Path,
  complain: Complain,
  depth = 0,
): ValueSchema | undefined {
  let isRight = true
  const refuse: Complain = (where, message) => {
    isRight = false
    complain(where, message)
  }
  if (!isMap(value) || !isPlain(value)) {
    refuse(path, wrongValue(value, 'a map of fields'))
    return undefined
  }
  if (depth >= MAX_DEPTH) {
    refuse(path, `is nested deeper than ${MAX_DEPTH} levels`)
    return undefined
  }
  const type = typeOf(value['type'], [...path, 'type'], refuse)
  // Without it nothing can be said of the others.
  if (type === undefined) return undefined
  const fields = spelled(value, path, refuse)
  const entries = [...fields].flatMap(([name, field]): [string, unknown][] => {
    const fitting = isFitting(name, type, field, refuse)
    if (!fitting) return []
    const read = (inner: unknown, within: Path) => readSchema(inner, within, refuse, depth + 1)
    return [[name, readField(name, field, read)]]
  })
  const schema = { ...Object.fromEntries(entries), type } as ValueSchema
  checkBounds(schema, fields, refuse)
  checkRequired(schema, fields, refuse)
  if (isRight) checkValues(schema, fields, refuse)
  return isRight ? schema : undefined
}

/** As JSON Schema spells them or with underscores. Null is how files say "not set". */
function spelled(value: Readonly<Record<string, unknown>>, path: Path, refuse: Complain): Fields {
  const fields = new Map<string, { value: unknown; path: Path }>()
  for (const [given, inner] of Object.entries(value)) {
    const name = given.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    const own = { value: inner, path: [...path, given] }
    if (!KEYWORDS.has(name)) refuse(own.path, unknownField(name))
    else if (fields.has(name)) refuse(own.path, 'is there twice, in two spellings')
    else if (inner !== null && inner !== undefined) fields.set(name, own)
  }
  return fields
}

function unknownField(name: string): string {
  if (OWN_KEYWORDS.includes(name)) return 'is said of an input as a whole only'
  if (name === 'pattern')
    return 'cannot be said of an input: it could keep the server from everything else; use format or enum, or check it in a tool'
  const known = [...KEYWORDS.keys(), ...OWN_KEYWORDS]
  const meant = nearest(name, known)
  return `is no field of an input; ${meant === undefined ? `there are: ${known.join(', ')}` : `did you mean ${meant}?`}`
}

/** How Python and others call them. */
const MEANT: ReadonlyMap<string, InputType> = new Map([
  ['str', 'string'],
  ['text', 'string'],
  ['int', 'integer'],
  ['float', 'number'],
  ['bool', 'boolean'],
  ['list', 'array'],
  ['dict', 'object'],
  ['map', 'object'],
])

function typeOf(value: unknown, path: Path, refuse: Complain): InputType | undefined {
  const type = INPUT_TYPES.find((one) => one === value)
  if (type !== undefined) return type
  const wrong = wrongValue(value, `one of ${INPUT_TYPES.join(', ')}`)
  refuse(path, value === 'file' ? NO_FILES : `${wrong}; ${hintFor(value)}`)
  return undefined
}

const NO_FILES =
  'cannot be file yet: a kickoff brings no files; declare a string with format: uri for where the file is'

function hintFor(value: unknown): string {
  const name = typeof value === 'string' ? value.toLowerCase() : ''
  const meant = MEANT.get(name) ?? nearest(name, INPUT_TYPES)
  return meant === undefined
    ? 'a map with a type declares an input, and one that shall be a default stands under default: of a declaration with type: object'
    : `did you mean ${meant}?`
}

type FieldAt = { readonly value: unknown; readonly path: Path }

function isFitting(
  name: string,
  type: InputType,
  { value, path }: FieldAt,
  refuse: Complain,
): boolean {
  const keyword = KEYWORDS.get(name)
  if (keyword === undefined) return false
  if (!keyword.of.includes(type)) {
    refuse(path, `means nothing for the type ${type}; it is for ${keyword.of.join(', ')}`)
    return false
  }
  if (!keyword.fits(value)) refuse(path, wrongValue(value, keyword.expected))
  return keyword.fits(value)
}

type ReadInner = (value: unknown, path: Path) => ValueSchema | undefined

function readField(name: string, { value, path }: FieldAt, read: ReadInner): unknown {
  switch (name) {
    case 'items':
      return read(value, path)
    case 'uniqueItems':
      return toFlag(value)
    case 'additionalProperties':
      return toFlag(value) ?? read(value, path)
    case 'properties':
      if (!isMap(value)) return read(value, path)
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, read(inner, [...path, key])]),
      )
    default:
      return value
  }
}

const BOUNDS = [
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
  ['minimum', 'maximum'],
] as const

/** No value could be right. */
function checkBounds(schema: ValueSchema, fields: Fields, refuse: Complain): void {
  for (const [low, high] of BOUNDS) {
    const [least, most] = [schema[low], schema[high]]
    if (least !== undefined && most !== undefined && least > most)
      refuse(fields.get(low)?.path ?? [], `is above ${high}, which is ${most}`)
  }
}

/** The values that a schema itself names are of its kind. */
function checkValues(schema: ValueSchema, fields: Fields, refuse: Complain): void {
  const { enum: allowed = [], examples = [], ...rest } = schema
  const check = (name: string, value: unknown, index: number, kind: ValueSchema) => {
    const place = [...(fields.get(name)?.path ?? []), index]
    const declaration = { schema: kind, sensitive: false }
    for (const { path, message } of wrongValues(declaration, value, place)) refuse(path, message)
  }
  for (const [index, value] of allowed.entries()) check('enum', value, index, rest)
  for (const [index, value] of examples.entries()) check('examples', value, index, schema)
}

function checkRequired(schema: ValueSchema, fields: Fields, refuse: Complain): void {
  const { properties = {}, required = [] } = schema
  const { path = [] } = fields.get('required') ?? {}
  for (const [index, name] of required.entries())
    if (!Object.hasOwn(properties, name))
      refuse([...path, index], `there is no property ${describeValue(name)}`)
  // Every object has one that it inherits.
  for (const name of Object.keys(properties))
    if (name in {})
      refuse(fields.get('properties')?.path ?? [], `cannot have a property called ${name}`)
}
