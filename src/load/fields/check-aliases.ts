import type { Crew } from '../../crew/crew.ts'
import { inputNames } from '../../crew/inputs.ts'
import type { Place, Report } from '../problem.ts'
import { describeValue, inside } from '../source.ts'

/** A name must mean one input, or a kickoff could not be understood. */
export function checkAliases(crew: Crew, place: Place, report: Report): void {
  const inputs = inputNames(crew)
  const taken = new Map(inputs.map((name) => [name, name]))
  for (const [input, aliases] of Object.entries(crew.inputAliases)) {
    const own = inside(place, input)
    if (!inputs.includes(input))
      report.add(
        'alias-without-input',
        own,
        `is no input of this crew; its inputs: ${inputs.join(', ') || 'none'}`,
      )
    for (const alias of aliases) {
      const other = taken.get(alias)
      if (other !== undefined)
        report.add(
          'alias-taken',
          own,
          `names ${describeValue(alias)}, which is taken by the input ${other}`,
        )
      taken.set(alias, input)
    }
  }
}
