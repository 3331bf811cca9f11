import { z } from 'zod'
import type { FieldError } from '../../errors.ts'
import type { InputDeclaration, ValueSchema } from './declaration.ts'
import { expectedOf, shownValue } from './expected.ts'

/** Of one input that are told. */
const MAX_PROBLEMS = 20

/** Made once: a declaration never changes, and every kickoff asks. */
const validators = new WeakMap<InputDeclaration, z.ZodType>()

/**
 * What is wrong with the value of an input, with the place in it. The value of a sensitive one is not told.
 *
 * @param field what the input is called, e.g. `inputs.year`
 */
export function problemsOf(
  declaration: InputDeclaration,
  value: unknown,
  field: string,
): readonly FieldError[] {
  const { error } = validatorOf(declaration).safeParse(value)
  const fields = new Map<string, string>()
  // A number may be outside of two bounds, of which one message speaks.
  for (const { path, message } of error?.issues ?? []) {
    const place = [field, ...path].join('.')
    fields.set(place, fields.get(place) ?? message)
  }
  return [...fields].slice(0, MAX_PROBLEMS).map(([place, message]) => ({ field: place, message }))
}

function validatorOf(declaration: InputDeclaration): z.ZodType {
  const known = validators.get(declaration)
  if (known !== undefined) return known
  const validator = toZod(declaration.schema, !declaration.sensitive)
  validators.set(declaration, validator)
  return validator
}

type Message = (issue: { readonly input?: unknown }) => string

function toZod(schema: ValueSchema, isShown: boolean): z.ZodType {
  const expected = expectedOf(schema)
  const error: Message = ({ input }) => {
    if (input === undefined) return `is missing; it must be ${expected}`
    return `must be ${expected}${isShown ? `, but is ${shownValue(input)}` : ''}`
  }
  if (schema.enum !== undefined) {
    const allowed = new Set(schema.enum)
    return z.custom((value) => allowed.has(value), { error })
  }
  switch (schema.type) {
    case 'string':
      return textOf(schema, error)
    case 'integer':
    case 'number':
      return numberOf(schema, error)
    case 'boolean':
      return z.boolean({ error })
    case 'array':
      return listOf(schema, error, isShown)
    case 'object':
      return objectOf(schema, error, isShown)
  }
}

function textOf({ format, minLength, maxLength }: ValueSchema, error: Message): z.ZodType {
  const fitting = format === undefined ? null : z.fromJSONSchema({ type: 'string', format })
  return z
    .string({ error })
    .refine(
      (text) =>
        isBetween(lengthOf(text, maxLength), minLength, maxLength) &&
        (fitting === null || fitting.safeParse(text).success),
      { error },
    )
}

/** In code points, as JSON Schema counts; of a text that is far too long not exactly. */
function lengthOf(text: string, maxLength = Number.POSITIVE_INFINITY): number {
  if (text.length > 2 * maxLength) return text.length
  let length = 0
  for (const _ of text) length += 1
  return length
}

function numberOf(schema: ValueSchema, error: Message): z.ZodType {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  let number = type === 'integer' ? z.int({ error }) : z.number({ error })
  if (minimum !== undefined) number = number.min(minimum, { error })
  if (maximum !== undefined) number = number.max(maximum, { error })
  if (exclusiveMinimum !== undefined) number = number.gt(exclusiveMinimum, { error })
  if (exclusiveMaximum !== undefined) number = number.lt(exclusiveMaximum, { error })
  return multipleOf === undefined ? number : number.multipleOf(multipleOf, { error })
}

function listOf(schema: ValueSchema, error: Message, isShown: boolean): z.ZodType {
  const { items, minItems, maxItems, uniqueItems = false } = schema
  const outside: Message = ({ input }) =>
    isShown && Array.isArray(input)
      ? `must be ${expectedOf(schema)}, but has ${input.length}`
      : error({ input })
  const differ: Message = () => `must be ${expectedOf(schema)}, and some are the same`
  return z
    .array(items === undefined ? z.unknown() : toZod(items, isShown), { error })
    .refine(({ length }) => isBetween(length, minItems, maxItems), { error: outside })
    .refine((list) => !uniqueItems || areUnique(list), { error: differ })
}

function isBetween(size: number, min = 0, max = Number.POSITIVE_INFINITY): boolean {
  return size >= min && size <= max
}

function areUnique(list: readonly unknown[]): boolean {
  return new Set(list.map((value) => JSON.stringify(value, inOrder))).size === list.length
}

/** For `JSON.stringify`: the keys of every object sorted. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function objectOf(schema: ValueSchema, error: Message, isShown: boolean): z.ZodType {
  const { properties = {}, required = [], additionalProperties = true } = schema
  const entries = Object.entries(properties).map(([name, property]) => {
    const value = toZod(property, isShown)
    return [name, required.includes(name) ? value : value.optional()] as const
  })
  const rest =
    typeof additionalProperties === 'boolean' ? z.unknown() : toZod(additionalProperties, isShown)
  const known = Object.keys(properties).join(', ') || 'none'
  const unknown = ({ keys }: { readonly keys: readonly string[] }) =>
    `has ${isShown ? keys.slice(0, MAX_PROBLEMS).map(shownValue).join(', ') : 'a property'}, which is no property of it; there are: ${known}`
  const shape = Object.fromEntries(entries)
  return additionalProperties === false
    ? z.strictObject(shape, {
        error: (issue) =>
          issue.code === 'unrecognized_keys' ? unknown({ keys: issue.keys }) : error(issue),
      })
    : z.object(shape, { error }).catchall(rest)
}
