import { existsSync } from 'node:fs'
import { join } from 'node:path'
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
const NAME = String.raw`[\p{L}_][\p{L}\p{N}_]*`
const NAMES = String.raw`${NAME}(?:\.${NAME})*`
/** `module.name`, as CrewAI has it, or `module:name`, as it has it elsewhere. */
const PATH = new RegExp(`^(?<module>${NAMES})(?:\\.(?<name>${NAME})|:(?<names>${NAMES}))$`, 'u')

interface Referring {
  readonly dir: string
  readonly report: Report
}

/** The crew with every `{"python": …}` as what only Python can tell. */
export function withPythonReferences(source: CrewSource, referring: Referring): CrewSource {
  const inField = (field: Field): Field =>
    PLAIN_FIELDS.includes(field.name)
      ? field
      : { ...field, value: referred(field.value, field.place, referring) }
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

/** Undefined: is wrong, which is reported. */
function referred(value: unknown, place: Place, referring: Referring): unknown {
  if (isPythonReference(value) || isTool(value)) return value
  if (Array.isArray(value))
    return value.map((entry: unknown, at) => {
      const own = referred(entry, inside(place, at), referring)
      // What is empty is passed over, and the others keep their places.
      return own === undefined ? '' : own
    })
  if (!isMap(value) || !isPlain(value)) return value
  if (PYTHON in value) return referenceTo(value, place, referring)
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      referred(inner, inside(place, name), referring),
    ]),
  )
}

function referenceTo(
  map: Readonly<Record<string, unknown>>,
  place: Place,
  { dir, report }: Referring,
): PythonReference | undefined {
  const { [PYTHON]: path, ...others } = map
  const found = typeof path === 'string' ? PATH.exec(path.trim())?.groups : undefined
  const { module, name, names = name } = found ?? {}
  if (module === undefined || names === undefined || Object.keys(others).length > 0) {
    report.add(
      'value-wrong',
      inside(place, PYTHON),
      `must be a path to a module and a name in it, with nothing beside it: {"${PYTHON}": "my_crew.checks.is_short"}`,
    )
    return undefined
  }
  const file = module.replaceAll('.', '/')
  if (!isModule(dir, file)) {
    report.add(
      'file-missing',
      inside(place, PYTHON),
      `there is no ${file}.py in the folder of the crew, and no ${file}/__init__.py; a value of Python's is in a module of the crew`,
    )
    return undefined
  }
  const [root = ''] = names.split('.')
  return {
    key: `python:${module}:${names}`,
    expr: names,
    names: { [root]: { import: `${module}:${root}` } },
    at: describeAt(place),
  }
}

/** Where CrewAI looks, and where its own projects have their package. */
function isModule(dir: string, file: string): boolean {
  return [`${file}.py`, `${file}/__init__.py`]
    .flatMap((path) => [join(dir, path), join(dir, 'src', path)])
    .some((path) => existsSync(path))
}
