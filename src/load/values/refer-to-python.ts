import type { PythonReference } from '../../workers/python/reference.ts'
import { describeAt, type Place, type Report } from '../problem.ts'
import { type CrewSource, type Field, type Group, inside, isMap, type Section } from '../source.ts'
import { isPlain } from './deep-freeze.ts'
import { isPythonReference } from './python-value.ts'
import { isTool } from './tool-source.ts'

/** How CrewAI's files point to Python: `{"python": "my_crew.checks.is_short"}`. */
const PYTHON = 'python'
/** Values of inputs are what they are. */
const PLAIN_FIELDS = ['inputs']
const PATH = /^[\p{L}_][\p{L}\p{N}_]*(?:[.:][\p{L}_][\p{L}\p{N}_]*)+$/u

/** The crew with every `{"python": …}` as what only Python can tell. */
export function withPythonReferences(source: CrewSource, report: Report): CrewSource {
  const inField = (field: Field): Field =>
    PLAIN_FIELDS.includes(field.name)
      ? field
      : { ...field, value: referred(field.value, field.place, report) }
  const inSection = (section: Section): Section => ({
    ...section,
    fields: section.fields?.map(inField) ?? null,
  })
  const inGroup = (group: Group): Group => ({
    ...group,
    sections: group.sections?.map(inSection) ?? null,
  })
  return {
    ...source,
    settings: inSection(source.settings),
    agents: inGroup(source.agents),
    tasks: inGroup(source.tasks),
  }
}

function referred(value: unknown, place: Place, report: Report): unknown {
  if (isPythonReference(value) || isTool(value)) return value
  if (Array.isArray(value))
    return value.map((entry: unknown, at) => referred(entry, inside(place, at), report))
  if (!isMap(value) || !isPlain(value)) return value
  if (PYTHON in value) return referenceTo(value, place, report)
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      referred(inner, inside(place, name), report),
    ]),
  )
}

function referenceTo(
  map: Readonly<Record<string, unknown>>,
  place: Place,
  report: Report,
): unknown {
  const { [PYTHON]: path, ...others } = map
  if (typeof path !== 'string' || !PATH.test(path.trim()) || Object.keys(others).length > 0) {
    report.add(
      'value-wrong',
      inside(place, PYTHON),
      `must be a path to a module and a name in it, with nothing beside it: {"${PYTHON}": "my_crew.checks.is_short"}`,
    )
    return map
  }
  const [module = '', qualifiedName = ''] = path.includes(':')
    ? path.trim().split(':')
    : path.trim().split(/\.(?=[^.]*$)/)
  const [root = ''] = qualifiedName.split('.')
  return {
    key: `python:${module}:${qualifiedName}`,
    expr: qualifiedName,
    names: { [root]: { import: `${module}:${root}` } },
    at: describeAt(place),
  } satisfies PythonReference
}
