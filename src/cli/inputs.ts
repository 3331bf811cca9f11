import { readConfig } from '../config.ts'
import { inputNames } from '../crew/inputs.ts'
import { loadNamedCrew } from './load.ts'

/** Lists the inputs of a crew, a line each, with their defaults. */
export async function inputs(name: string | undefined): Promise<void> {
  const crew = await loadNamedCrew(readConfig(), name)
  for (const input of inputNames(crew)) {
    const isDefaulted = Object.hasOwn(crew.inputs, input)
    console.log(isDefaulted ? `${input} (default: ${JSON.stringify(crew.inputs[input])})` : input)
  }
}
