import { z } from 'zod'
import { messageOf } from '../../errors.ts'
import { FORMATS } from './declaration.ts'

type Keywords = Readonly<Record<string, unknown>>

/**
 * Inputs whose types are of zod, of this or another copy of it, as maps of JSON Schema's fields.
 *
 * @throws TypeError when a type cannot be told so
 */
export function withoutZod<Input>(
  inputs: Readonly<Record<string, Input>>,
): Readonly<Record<string, Input>> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [
      name,
      // What makes an input in a crew file may be written as either.
      isZod(input) ? (declarationOf(name, input) as Input) : input,
    ]),
  )
}

function isZod(value: unknown): value is z.ZodType {
  return typeof value === 'object' && value !== null && '_zod' in value
}

function declarationOf(name: string, type: z.ZodType): Keywords {
  try {
    // In an object, which tells whether a property may be left out.
    const { properties = {}, required = [] } = z.toJSONSchema(z.object({ [name]: type }), {
      io: 'input',
      override: ({ zodSchema }) => refuseCode(zodSchema),
    })
    const { schema, isNullable } = withoutNull(Object(properties[name]))
    const { default: byDefault, sensitive, ...rest } = schema
    if (typeof rest['type'] !== 'string')
      throw new TypeError('it must be of one type, and null at most beside it')
    const isOptional = byDefault === undefined && (isNullable || !required.includes(name))
    return {
      ...plain(rest),
      ...(isOptional && { required: false }),
      ...(byDefault !== undefined && { default: byDefault }),
      ...(sensitive !== undefined && { sensitive }),
    }
  } catch (cause) {
    throw new TypeError(
      `defineCrew: the input ${name} cannot be told to callers: ${messageOf(cause)}`,
      {
        cause,
      },
    )
  }
}

/** Code would be left out: inputs are checked in the server, which runs none of a crew's. */
function refuseCode({ _zod: { def } }: z.core.$ZodTypes): void {
  const checks = 'checks' in def ? (def.checks ?? []) : []
  const isCode =
    def.type === 'pipe' ||
    def.type === 'transform' ||
    checks.some(({ _zod: check }) => ['custom', 'overwrite'].includes(check.def.check))
  if (isCode)
    throw new TypeError(
      'it has code in it (a refinement, a transformation, trim and the like), which is not run on inputs; check it in a tool',
    )
}

/** Without what zod adds and what says the same twice. */
function plain(schema: Keywords): Keywords {
  const { const: constant, pattern, propertyNames, format, ...rest } = schema
  const { type, minimum, maximum, items, properties, additionalProperties } = rest
  const bounds = type === 'integer' ? { minimum: safe(minimum), maximum: safe(maximum) } : {}
  return told({
    ...rest,
    ...bounds,
    format,
    // The expression of a format that is known says nothing more.
    pattern: FORMATS.has(String(format)) ? undefined : pattern,
    enum: constant === undefined ? rest['enum'] : [constant],
    items: isMap(items) ? plain(items) : items,
    properties: isMap(properties)
      ? Object.fromEntries(
          Object.entries(properties).map(([key, one]) => [key, plain(Object(one))]),
        )
      : undefined,
    additionalProperties: isMap(additionalProperties)
      ? plain(additionalProperties)
      : additionalProperties,
  })
}

/** Zod bounds whole numbers by what a number can hold. */
function safe(bound: unknown): unknown {
  return Math.abs(Number(bound)) === Number.MAX_SAFE_INTEGER ? undefined : bound
}

/** Null is as good as nothing in an input, so that it need not be given. */
function withoutNull(schema: Keywords): {
  readonly schema: Keywords
  readonly isNullable: boolean
} {
  const { anyOf, type, ...rest } = schema
  const choices = Array.isArray(anyOf) ? anyOf.filter((one) => Object(one).type !== 'null') : []
  if (choices.length === 1) return { schema: { ...choices[0], ...rest }, isNullable: true }
  if (!Array.isArray(type)) return { schema, isNullable: false }
  const [other, ...others] = type.filter((one) => one !== 'null')
  return {
    schema: { ...rest, type: others.length === 0 ? other : type },
    isNullable: type.includes('null'),
  }
}

function told(schema: Keywords): Keywords {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined))
}

function isMap(value: unknown): value is Keywords {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
