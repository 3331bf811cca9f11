import type { InputValue } from '../../../crew/crew.ts'
import { problemsOf } from '../../../crew/inputs/check-value.ts'
import type { InputDeclaration } from '../../../crew/inputs/declaration.ts'
import type { Path } from '../../problem.ts'
import { wrongValue } from '../../source.ts'
import { isPlain } from '../../values/deep-freeze.ts'

export interface WrongValue {
  readonly path: Path
  readonly message: string
}

/** What is wrong with a value that a crew's files name for an input; one problem at most. */
export function wrongValues(
  declaration: InputDeclaration,
  value: unknown,
  path: Path,
): readonly WrongValue[] {
  // JSON has no other values, and those of a crew.ts may be of a class.
  if (!isInputValue(value)) return [{ path, message: wrongValue(value, 'a JSON value') }]
  const [first] = problemsOf(declaration, value, '')
  if (first === undefined) return []
  return [{ path: [...path, ...first.field.split('.').slice(1)], message: first.message }]
}

export function isInputValue(value: unknown): value is InputValue {
  if (isPlain(value)) return Object.values(value).every(isInputValue)
  return (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    Number.isFinite(value)
  )
}
