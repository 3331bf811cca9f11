import { z } from 'zod'
import type { Inputs, InputValue } from '../../../crew/crew.ts'
import type { InputDeclaration, InputDeclarations } from '../../../crew/inputs/declaration.ts'
import { isMap, wrongValue } from '../../source.ts'
import { isPlain } from '../../values/deep-freeze.ts'
import { toFlag } from './keywords.ts'
import { type Complain, readSchema } from './read-schema.ts'
import { isInputValue, type WrongValue, wrongValues } from './wrong-values.ts'

/** What the `inputs` of a crew say of one of them. */
interface ReadInput {
  /** Null: nothing but a default. */
  readonly declaration: InputDeclaration | null
  /** Undefined: there is none. */
  readonly byDefault: InputValue | undefined
}

const oneInput = z.unknown().transform((value, context): ReadInput => {
  const input = readInput(value, (path, message) =>
    context.addIssue({ code: 'custom', path: [...path], message }),
  )
  return input ?? z.NEVER
})

/** The `inputs` of a crew's files: a default, or what values must be, of each. */
export const inputsSchema: z.ZodType<{
  readonly defaults: Inputs
  readonly declarations: InputDeclarations
}> = z
  .record(z.string(), oneInput, {
    error: ({ input }) => wrongValue(input, 'a map of input names to their defaults'),
  })
  .default({})
  .transform((inputs) => {
    const entries = Object.entries(inputs)
    const defaults: Inputs = Object.fromEntries(
      entries.flatMap(([name, { byDefault }]) =>
        byDefault === undefined ? [] : [[name, byDefault]],
      ),
    )
    const declarations: InputDeclarations = Object.fromEntries(
      entries.flatMap(([name, { declaration }]) =>
        declaration === null ? [] : [[name, declaration]],
      ),
    )
    return { defaults, declarations }
  })

/** A map with a type declares the input, anything else is its default. */
function readInput(value: unknown, complain: Complain): ReadInput | undefined {
  if (isMap(value) && Object.hasOwn(value, 'type') && isPlain(value))
    return readDeclaration(value, complain)
  if (isInputValue(value)) return { declaration: null, byDefault: value }
  const hint = isMap(value) && '_zod' in value ? '; types of zod are read by defineCrew({ … })' : ''
  complain([], `${wrongValue(value, 'a JSON value')}${hint}`)
  return undefined
}

function readDeclaration(
  value: Readonly<Record<string, unknown>>,
  complain: Complain,
): ReadInput | undefined {
  const { default: given, sensitive: secret, required, ...rest } = value
  // As a list it names the properties of an object, as in JSON Schema.
  const isList = Array.isArray(required)
  const schema = readSchema(isList ? { ...rest, required } : rest, [], complain)
  const isRequired = isList ? undefined : readFlag('required', required, complain)
  const sensitive = readFlag('sensitive', secret, complain)
  if (schema === undefined || isRequired === null || sensitive === null) return undefined
  const declaration = { schema, sensitive: sensitive ?? false }
  const byDefault = given === undefined && isRequired === false ? null : given
  const problems = defaultProblems(declaration, byDefault, isRequired ?? false)
  for (const { path, message } of problems) complain(path, message)
  return problems.length > 0 ? undefined : { declaration, byDefault: byDefault as InputValue }
}

/** Undefined: it is not said. Null: it is wrong, which is complained of. */
function readFlag(name: string, value: unknown, complain: Complain): boolean | null | undefined {
  if (value === undefined || value === null) return undefined
  const flag = toFlag(value)
  if (flag === undefined) complain([name], wrongValue(value, 'true or false'))
  return flag ?? null
}

function defaultProblems(
  declaration: InputDeclaration,
  byDefault: unknown,
  isRequired: boolean,
): readonly WrongValue[] {
  if (byDefault === undefined) return []
  const path = ['default']
  if (isRequired)
    return [
      { path, message: 'would never count, because the input is required; leave one of them out' },
    ]
  // It need not be given.
  if (byDefault === null) return []
  if (declaration.sensitive)
    return [
      {
        path,
        message:
          'would stand where everybody reads it; a sensitive input may have required: false instead',
      },
    ]
  return wrongValues(declaration, byDefault, path)
}
