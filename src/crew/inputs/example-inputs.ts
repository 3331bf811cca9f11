import { exampleOf } from '../../llm/example-of.ts'
import type { Crew, Inputs, InputValue } from '../crew.ts'
import { declarationOf, requiredInputs } from '../inputs.ts'
import { problemsOf } from './check-value.ts'
import type { InputDeclaration } from './declaration.ts'

/** Values for the inputs that a kickoff must bring: those that the crew names, or made from the names of the inputs. */
export function exampleInputs(crew: Crew): Inputs {
  return Object.fromEntries(
    requiredInputs(crew).map((name) => {
      const declaration = declarationOf(crew, name)
      return [name, declaration === undefined ? textFor(name) : exampleFor(name, declaration)]
    }),
  )
}

function exampleFor(name: string, declaration: InputDeclaration): InputValue {
  const { schema } = declaration
  const [first] = schema.examples ?? []
  if (first !== undefined) return first as InputValue
  const number = Number(textFor(name))
  const isNumber = schema.type === 'integer' || schema.type === 'number'
  // A year is no good example of a number of pages, nor 1 of a year.
  if (isNumber && problemsOf(declaration, number, name).length === 0) return number
  return exampleOf({ ...schema }, (property) => textFor(property || name)) as InputValue
}

/** By a word of the name; of two the later one says more, as in `target_language`. */
const EXAMPLES: ReadonlyMap<string, string> = new Map([
  ['age', '30'],
  ['amount', '100'],
  ['audience', 'beginners'],
  ['budget', '1500'],
  ['city', 'Lisbon'],
  ['company', 'Acme'],
  ['count', '3'],
  ['country', 'Portugal'],
  ['date', '2030-01-31'],
  ['days', '5'],
  ['destination', 'Lisbon'],
  ['duration', '5 days'],
  ['email', 'someone@example.com'],
  ['industry', 'renewable energy'],
  ['interests', 'hiking and food'],
  ['language', 'English'],
  ['location', 'Lisbon'],
  ['name', 'Ada'],
  ['origin', 'Lisbon'],
  ['product', 'a solar lamp'],
  ['question', 'How do tides work?'],
  ['subject', 'tidal energy'],
  ['theme', 'tidal energy'],
  ['topic', 'tidal energy'],
  ['url', 'https://example.com/'],
  ['website', 'https://example.com/'],
  ['year', '2030'],
])

/** Of an input of which only the name is known. */
export function textFor(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[_\s-]+/)
    .filter((word) => word !== '')
  const known = words.toReversed().find((word) => EXAMPLES.has(word))
  return EXAMPLES.get(known ?? '') ?? `an example of ${words.join(' ')}`
}
