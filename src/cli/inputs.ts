import { readConfig } from '../config.ts'
import type { Crew } from '../crew/crew.ts'
import { hasDefault, inputNames, namesOf } from '../crew/inputs.ts'
import { loadNamedCrew } from './load.ts'

/** Lists the inputs of a crew, a line each, with their defaults and other names. */
export async function inputs(name: string | undefined): Promise<void> {
  const { crew } = await loadNamedCrew(readConfig(), name)
  for (const input of inputNames(crew)) console.log(lineOf(crew, input))
}

function lineOf(crew: Crew, input: string): string {
  const aliases = namesOf(crew, input).slice(1)
  const remarks = [
    ...(hasDefault(crew, input) ? [`default: ${JSON.stringify(crew.inputs[input])}`] : []),
    ...(aliases.length > 0 ? [`or: ${aliases.join(', ')}`] : []),
  ]
  return remarks.length === 0 ? input : `${input} (${remarks.join('; ')})`
}
