import { readConfig } from '../config.ts'
import type { Crew } from '../crew/crew.ts'
import { expectedOf } from '../crew/inputs/expected.ts'
import { declarationOf, hasDefault, inputNames, namesOf } from '../crew/inputs.ts'
import { loadNamedCrew } from './load.ts'

/** Lists the inputs of a crew, a line each, with what they must be, their defaults and other names. */
export async function inputs(name: string | undefined): Promise<void> {
  const { crew } = await loadNamedCrew(readConfig(), name)
  for (const input of inputNames(crew)) console.log(lineOf(crew, input))
}

function lineOf(crew: Crew, input: string): string {
  const aliases = namesOf(crew, input).slice(1)
  const declaration = declarationOf(crew, input)
  const description = declaration?.schema.description
  const remarks = [
    ...(declaration === undefined ? [] : [expectedOf(declaration.schema)]),
    ...(declaration?.sensitive === true ? ['sensitive'] : []),
    ...(hasDefault(crew, input) ? [defaultOf(crew.inputs[input])] : []),
    ...(aliases.length > 0 ? [`or: ${aliases.join(', ')}`] : []),
  ]
  const told = remarks.length === 0 ? input : `${input} (${remarks.join('; ')})`
  return description === undefined ? told : `${told}: ${description}`
}

function defaultOf(value: unknown): string {
  return value === null ? 'need not be given' : `default: ${JSON.stringify(value)}`
}
