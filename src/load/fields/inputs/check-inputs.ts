import type { Crew } from '../../../crew/crew.ts'
import { inputNames, isInTexts, isPlaceholder } from '../../../crew/inputs.ts'
import type { Place, Report } from '../../problem.ts'
import { inside, isMap } from '../../source.ts'
import { nearest } from '../nearest.ts'
import { KEYWORDS, OWN_KEYWORDS } from './keywords.ts'

/** What a crew says of its inputs and is probably meant otherwise. */
export function checkInputs(crew: Crew, place: Place, report: Report): void {
  const used = inputNames(crew).filter((name) => isInTexts(crew, name))
  for (const name of Object.keys(crew.inputDeclarations)) {
    if (isInTexts(crew, name)) continue
    if (!isPlaceholder(name)) {
      report.add(
        'value-wrong',
        inside(place, name),
        'cannot be the name of an input: it has letters, digits, - and _, and starts with a letter or _',
      )
      continue
    }
    const meant = nearest(name, used)
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`
    report.add(
      'input-unused',
      inside(place, name),
      `is in no text of the crew: there is no {${name}}${hint}`,
    )
  }
  for (const [name, byDefault] of Object.entries(crew.inputs))
    if (!Object.hasOwn(crew.inputDeclarations, name) && looksDeclared(byDefault))
      report.add(
        'input-untyped',
        inside(place, name),
        'has no type, so that all of it is taken as the default; a map with a type declares an input',
      )
}

/** A default that is a map of nothing but fields of a declaration. */
function looksDeclared(value: unknown): boolean {
  if (!isMap(value)) return false
  const names = Object.keys(value).map((name) =>
    name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  )
  return (
    names.length > 0 && names.every((name) => KEYWORDS.has(name) || OWN_KEYWORDS.includes(name))
  )
}
