import type { Place, Report } from '../problem.ts'
import {
  type Group,
  inside,
  isMap,
  type Section,
  toGroup,
  toSection,
  wrongValue,
} from '../source.ts'

/**
 * The agents or tasks of a YAML file, in any of the ways that people write them: a map of names, a list in which each
 * says its `name`, and either of them below one more key, `agents:` or `tasks:`.
 *
 * @param noun that key
 */
export function toYamlGroup(value: unknown, place: Place, noun: string, report: Report): Group {
  if (isMap(value) && isWrapper(value, noun)) {
    for (const name of Object.keys(value))
      if (name !== noun)
        report.add(
          'field-ignored',
          inside(place, name),
          `is beside ${noun}, below which this file has its ${noun}, and is ignored`,
        )
    return toYamlGroup(value[noun], inside(place, noun), noun, report)
  }
  if (!Array.isArray(value)) return toGroup(value, place, report)
  const sections = value.map((item: unknown, at) => toNamed(item, inside(place, at), report))
  const isWhole = sections.every((section) => section !== null)
  return { place, sections: isWhole ? sections.filter((section) => section !== null) : null }
}

/** One section alone may be called so, too; its fields are texts. */
function isWrapper(value: Readonly<Record<string, unknown>>, noun: string): boolean {
  const inner = value[noun]
  if (Array.isArray(inner)) return true
  return isMap(inner) && Object.values(inner).length > 0 && Object.values(inner).every(isMap)
}

/** `{name: researcher, role: …}` or `{researcher: {role: …}}`. */
function toNamed(item: unknown, place: Place, report: Report): Section | null {
  if (isMap(item)) {
    const [[name, fields] = [], ...others] = Object.entries(item)
    if (name !== undefined && isMap(fields) && others.length === 0)
      return toSection(name, fields, inside(place, name), report)
    const { name: own, ...rest } = item
    if (typeof own === 'string' && own !== '') return toSection(own, rest, place, report)
  }
  report.add(
    isMap(item) ? 'field-missing' : 'value-wrong',
    isMap(item) ? inside(place, 'name') : place,
    isMap(item)
      ? 'is missing; it must be the name that others refer to'
      : wrongValue(item, 'a map of fields with a name'),
  )
  return null
}
