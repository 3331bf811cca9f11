import { problemsOf } from './check-value.ts'
import type { ValueSchema } from './declaration.ts'
import { expectedOf } from './expected.ts'

type Schema = ValueSchema | null

/**
 * What values that one schema takes are refused by the next one, as a sentence each, without its start and full stop,
 * e.g. `tone no longer takes "loud"`. Empty: none, as far as can be told.
 *
 * @param before null: it takes everything
 * @param path what the value is called, e.g. `address`, `street`
 */
export function narrowingsOf(
  before: Schema,
  after: ValueSchema,
  path: readonly string[],
): readonly string[] {
  const name = path.join('.')
  if (before === null || !isKept(before, after)) return [`${name} must be ${expectedOf(after)} now`]
  const lost = lostChoices(before, after)
  const choices = lost.length > 0 ? [`${name} no longer takes ${lost.join(', ')}`] : []
  if (choices.length === 0 && isTightened(before, after))
    return [`${name} must be ${expectedOf(after)} now, and was ${expectedOf(before)}`]
  return [...choices, ...insideOf(before, after, path)]
}

/** Every whole number is a number. */
function isKept(before: ValueSchema, after: ValueSchema): boolean {
  return before.type === after.type || (before.type === 'integer' && after.type === 'number')
}

/** Of a list of choices those that are wrong now. */
function lostChoices({ enum: choices = [] }: ValueSchema, after: ValueSchema): readonly string[] {
  const declaration = { schema: after, sensitive: false }
  return choices
    .filter((one) => problemsOf(declaration, one, '').length > 0)
    .map((one) => JSON.stringify(one))
}

function isTightened(before: ValueSchema, after: ValueSchema): boolean {
  // Each of its values was looked at.
  if (before.enum !== undefined) return false
  const { format, multipleOf, uniqueItems = false } = after
  return (
    after.enum !== undefined ||
    isNarrower(before, after) ||
    (format !== undefined && format !== before.format) ||
    (multipleOf !== undefined && !isMultiple(before, multipleOf)) ||
    (uniqueItems && before.uniqueItems !== true)
  )
}

function isNarrower(before: ValueSchema, after: ValueSchema): boolean {
  const [was, is] = [boundsOf(before), boundsOf(after)]
  return was.some(([low, high], index) => {
    const [lowNow, highNow] = is[index] ?? [low, high]
    return lowNow > low || highNow < high
  })
}

type Range = readonly [low: number, high: number]

function boundsOf(schema: ValueSchema): readonly Range[] {
  const { minLength = 0, maxLength = Infinity, minItems = 0, maxItems = Infinity } = schema
  return [
    [minLength, maxLength],
    [minItems, maxItems],
    [lowest(schema), highest(schema)],
  ]
}

/** The lowest value that is allowed: beside an exclusive bound the next one. */
function lowest({ type, minimum = -Infinity, exclusiveMinimum = -Infinity }: ValueSchema): number {
  const next = type === 'integer' ? Math.floor(exclusiveMinimum) + 1 : above(exclusiveMinimum)
  return Math.max(type === 'integer' ? Math.ceil(minimum) : minimum, next)
}

function highest({ type, maximum = Infinity, exclusiveMaximum = Infinity }: ValueSchema): number {
  return -lowest({ type, minimum: -maximum, exclusiveMinimum: -exclusiveMaximum })
}

/** The next number, nearly. */
function above(number: number): number {
  if (!Number.isFinite(number)) return number
  return number === 0 ? Number.MIN_VALUE : number + Math.abs(number) * Number.EPSILON
}

function isMultiple({ type, multipleOf }: ValueSchema, of: number): boolean {
  const step = multipleOf ?? (type === 'integer' ? 1 : undefined)
  return step !== undefined && Number.isInteger(step / of)
}

function insideOf(
  before: ValueSchema,
  after: ValueSchema,
  path: readonly string[],
): readonly string[] {
  const items = after.items ? narrowingsOf(before.items ?? null, after.items, [...path, '*']) : []
  return [...items, ...requiredOf(before, after, path), ...propertiesOf(before, after, path)]
}

function requiredOf(
  { required: was = [] }: ValueSchema,
  { required = [] }: ValueSchema,
  path: readonly string[],
): readonly string[] {
  return required
    .filter((name) => !was.includes(name))
    .map((name) => `${[...path, name].join('.')} must be given now`)
}

function propertiesOf(
  before: ValueSchema,
  after: ValueSchema,
  path: readonly string[],
): readonly string[] {
  const names = Object.keys({ ...before.properties, ...after.properties })
  const listed = names.flatMap((name) => {
    const [was, is] = [ofProperty(before, name), ofProperty(after, name)]
    const within = [...path, name]
    if (was === 'refused' || is === null) return []
    return is === 'refused'
      ? [`${within.join('.')} may not be given any more`]
      : narrowingsOf(was, is, within)
  })
  const [was, is] = [ofOthers(before), ofOthers(after)]
  if (was === 'refused' || is === null) return listed
  return is === 'refused'
    ? [...listed, `${path.join('.')} may have no other properties any more`]
    : [...listed, ...narrowingsOf(was, is, [...path, '*'])]
}

/** What a property must be; null: anything. */
function ofProperty(schema: ValueSchema, name: string): Schema | 'refused' {
  const { properties = {} } = schema
  const own = Object.hasOwn(properties, name) ? properties[name] : undefined
  return own ?? ofOthers(schema)
}

function ofOthers({ additionalProperties = true }: ValueSchema): Schema | 'refused' {
  if (additionalProperties === false) return 'refused'
  return additionalProperties === true ? null : additionalProperties
}
