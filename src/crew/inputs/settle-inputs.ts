import { isDeepStrictEqual } from 'node:util'
import { AppError, type FieldError } from '../../errors.ts'
import type { Crew, Inputs, InputValue } from '../crew.ts'
import { hasDefault, missingInputs, namesOf, refuseLongInputs } from '../inputs.ts'
import { problemsOf } from './check-value.ts'
import { convertText } from './convert-text.ts'

/**
 * The inputs that a run is started with: under their own names, of the declared types, over the crew's defaults.
 *
 * @throws AppError `missing_inputs`; `validation_failed` when an input is not what the crew declares, has two names and
 *   a different value under each, or would make the crew's texts too long
 */
export function settleInputs(crew: Crew, given: Inputs): Inputs {
  const { inputs, problems } = declaredValues(crew, withoutAliases(crew, given))
  const missing = missingInputs(crew, inputs)
  if (missing.length > 0)
    throw new AppError('missing_inputs', {
      missing,
      ...(problems.length > 0 && { fields: problems }),
    })
  if (problems.length > 0) throw invalid(problems)
  const all = { ...crew.inputs, ...inputs }
  refuseLongInputs(crew, all)
  return all
}

/** Texts converted where another type is declared; null is as good as nothing where nothing need be given. */
function declaredValues(
  crew: Crew,
  given: Inputs,
): { readonly inputs: Inputs; readonly problems: readonly FieldError[] } {
  const declared = Object.entries(crew.inputDeclarations)
  if (declared.length === 0) return { inputs: given, problems: [] }
  const inputs = new Map(Object.entries(given))
  const problems: FieldError[] = []
  for (const [name, declaration] of declared) {
    const value = inputs.get(name)
    if (value === undefined) continue
    if (value === null && hasDefault(crew, name)) {
      inputs.delete(name)
      continue
    }
    const { type } = declaration.schema
    const converted = typeof value === 'string' ? convertText(value, type) : value
    problems.push(...problemsOf(declaration, converted, `inputs.${name}`))
    inputs.set(name, converted as InputValue)
  }
  return { inputs: Object.fromEntries(inputs), problems }
}

/**
 * The inputs under their own names, whichever they were given under.
 *
 * @throws AppError `validation_failed` when an input has two names, and a different value under each
 */
export function withoutAliases(crew: Crew, given: Inputs): Inputs {
  const inputs = new Map(Object.entries(given))
  const clashes = Object.keys(crew.inputAliases).flatMap((input) =>
    namesOf(crew, input)
      .slice(1)
      .filter((alias) => !rename(inputs, alias, input))
      .map((alias) => clashOf(input, alias)),
  )
  if (clashes.length === 0) return Object.fromEntries(inputs)
  throw invalid(clashes)
}

function invalid(fields: readonly FieldError[]): AppError {
  const reason = fields.map(({ field, message }) => `${field}: ${message}`).join('; ')
  return new AppError('validation_failed', { reason, fields })
}

/** False when the input has another value already. */
function rename(inputs: Map<string, InputValue>, alias: string, input: string): boolean {
  const value = inputs.get(alias)
  if (value === undefined) return true
  inputs.delete(alias)
  if (inputs.has(input)) return isDeepStrictEqual(inputs.get(input), value)
  inputs.set(input, value)
  return true
}

function clashOf(input: string, alias: string): FieldError {
  const message = `is another name of ${input}, which has another value; give one of them`
  return { field: `inputs.${alias}`, message }
}
