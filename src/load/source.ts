import type { Path, Place, Report } from './problem.ts'
import { isPythonReference } from './values/python-value.ts'

/** How a format writes what every crew has. */
export interface Notation {
  /** A field of ours as the format spells it: `maxIter` in TypeScript, `max_iter` where CrewAI's Python reads it. */
  spell(field: string): string
  /** True: a field that nobody knows is an error. False: it is dropped with a warning, as CrewAI does. */
  readonly strict: boolean
}

/**
 * What a crew's files say, before it is checked. Every format is read into this, and all are checked alike. What has no
 * effect yet is kept, too.
 */
export interface CrewSource {
  readonly notation: Notation
  /** The settings of the crew itself. */
  readonly settings: Section
  /** With the manager agent, when there is one. */
  readonly agents: Group
  /** In the order they run. */
  readonly tasks: Group
}

export interface Group {
  readonly place: Place
  /** Null: cannot be read, which is already reported. */
  readonly sections: readonly Section[] | null
}

/**
 * One agent, one task, or the settings of the crew. Its fields may come from several files: what `crew.py` passes to
 * `Agent(…)`, and what its YAML says.
 */
export interface Section {
  /** The key by which others refer to it; in a `crew.py` the name of the method. */
  readonly name: string
  readonly place: Place
  /** Null: cannot be read, which is already reported. Of two fields of the same name the later one counts. */
  readonly fields: readonly Field[] | null
}

export interface Field {
  /** As the file spells it. */
  readonly name: string
  /**
   * As JSON has it, but for what only code can give: a tool of a `crew.ts`, or a `PythonReference`, which may stand for
   * the whole value or for anything inside: in a list beside names, in a map as one of its values. In a list of tools it
   * may stand for several.
   */
  readonly value: unknown
  readonly place: Place
}

/** Characters of a wrong value that a message shows. */
const MAX_SHOWN = 60

/** Names that may stand in a step key and in an object without being reordered, as a name of digits would be. */
const NAME = /^[\p{L}_][\p{L}\p{N}_. -]*$/u

/** Whether an agent or a task may be called so. */
export function isName(text: string): boolean {
  return NAME.test(text)
}

/** `max_iter` for `maxIter`: how CrewAI's files spell a field. */
export function snakeCase(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The message for a value that is missing or of the wrong type. */
export function wrongValue(value: unknown, expected: string): string {
  return value === undefined
    ? `is missing; it must be ${expected}`
    : `must be ${expected}, but is ${describeValue(value)}`
}

/** A value as a message shows it. */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (value === null) return 'empty'
  if (isPythonReference(value)) return `\`${shorten(value.expr)}\`, which only Python can tell`
  if (typeof value === 'object') return 'a map'
  if (typeof value === 'function') return 'a function'
  return shorten(typeof value === 'string' ? JSON.stringify(value) : String(value))
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}

export function inside(place: Place, ...path: Path): Place {
  return { ...place, path: [...place.path, ...path] }
}

/** @param value undefined: could not be read, which is already reported */
export function toSection(name: string, value: unknown, place: Place, report: Report): Section {
  if (isMap(value)) return { name, place, fields: toFields(value, place) }
  if (value !== undefined) report.add('value-wrong', place, wrongValue(value, 'a map of fields'))
  return { name, place, fields: null }
}

export function toFields(map: Readonly<Record<string, unknown>>, place: Place): readonly Field[] {
  return Object.entries(map).map(([name, value]) => ({ name, value, place: inside(place, name) }))
}

/** A map of names to maps of fields, such as `agents.yaml`. */
export function toGroup(value: unknown, place: Place, report: Report): Group {
  if (isMap(value)) {
    const sections = Object.entries(value).map(([name, fields]) =>
      toSection(name, fields, inside(place, name), report),
    )
    return { place, sections }
  }
  const code = value === undefined ? 'field-missing' : 'value-wrong'
  report.add(code, place, wrongValue(value, 'a map of names to fields'))
  return { place, sections: null }
}
