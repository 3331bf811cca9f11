import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import type { Place, Report } from '../problem.ts'
import { isProblemCode, type ProblemCode } from '../problem-codes.ts'
import { type Field, inside, isMap, type Notation, type Section, toFields } from '../source.ts'
import { isPythonReference } from '../values/python-value.ts'
import type { Kind } from './kind.ts'
import { nearest } from './nearest.ts'

export interface Reading {
  readonly notation: Notation
  readonly report: Report
}

/** Fields in our spelling, and where each stands in the file. */
interface Fields {
  readonly values: Readonly<Record<string, unknown>>
  place(path: readonly PropertyKey[]): Place
}

/** The section by its schema; null when something is wrong with it, all of which is reported. */
export function readSection<Schema extends z.ZodObject>(
  section: Section,
  kind: Kind,
  schema: Schema,
  reading: Reading,
): z.output<Schema> | null {
  if (section.fields === null) return null
  const { values, place } = readFields(section.fields, section.place, kind, reading)
  const result = schema.safeParse(values)
  if (result.success) return result.data
  for (const issue of result.error.issues)
    reading.report.add(codeOf(issue, values), place(issue.path), issue.message)
  return null
}

/** A schema says it in `params` when it knows better. */
function codeOf(issue: z.core.$ZodIssue, values: unknown): ProblemCode {
  const own: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined
  if (isProblemCode(own)) return own
  const value = issue.path.reduce<unknown>(
    (around, part) => (around as Record<PropertyKey, unknown> | undefined)?.[part],
    values,
  )
  if (value === undefined) return 'field-missing'
  return isPythonReference(value) ? 'python-needed' : 'value-wrong'
}

function readFields(fields: readonly Field[], origin: Place, kind: Kind, reading: Reading): Fields {
  const { spell } = reading.notation
  const names = new Map(allFields(kind).map((name) => [spell(name), name]))
  const values: Record<string, unknown> = {}
  const places = new Map<PropertyKey, Fields['place']>()
  for (const field of fields) {
    const name = names.get(field.name)
    if (name === undefined) {
      reportUnknown(field, kind, [...names.keys()], reading)
      continue
    }
    if (Object.hasOwn(kind.unsupported, name) && !isInert(field.value, kind.unsupported[name]))
      reading.report.add('field-unsupported', field.place, 'has no effect yet')
    if (kind.supported.includes(name) && isSet(name, field.value)) {
      const nested = readNested(field, kind.nested?.[name], reading)
      values[name] = nested?.values ?? field.value
      places.set(name, nested?.place ?? ((path) => inside(field.place, ...path.map(toPathPart))))
    }
  }
  return {
    values,
    place: ([name = '', ...rest]) =>
      places.get(name)?.(rest) ?? inside(origin, spell(String(name))),
  }
}

function readNested(
  { value, place }: Field,
  kind: Kind | undefined,
  reading: Reading,
): Fields | null {
  if (kind === undefined || !isMap(value) || isPythonReference(value)) return null
  return readFields(toFields(value, place), place, kind, reading)
}

function reportUnknown(
  { name, place }: Field,
  { noun, others }: Kind,
  known: readonly string[],
  { notation, report }: Reading,
): void {
  const meant = nearest(name, known)
  const other = others === undefined ? '' : `; ${others}`
  const hint = meant === undefined ? other : `; did you mean ${meant}?`
  // CrewAI drops unknown keys of YAML and refuses those of JSON.
  if (notation.strict) report.add('field-unknown', place, `is no field of ${noun}${hint}`)
  else report.add('field-ignored', place, `is no field of ${noun}, ignored${hint}`)
}

/** Null is how files say "not set", but `context: null` asks for no context at all, which unset does not. */
function isSet(name: string, value: unknown): boolean {
  return value !== undefined && (value !== null || name === 'context')
}

/** Whether ignoring the value is the same as obeying it. */
function isInert(given: unknown, byDefault: unknown): boolean {
  // As Python's YAML reads it.
  const value = typeof given === 'string' && /^(no|off|false)$/i.test(given) ? false : given
  if (value === null || value === undefined || isDeepStrictEqual(value, byDefault)) return true
  if (typeof value === 'string' && lastPart(value) === byDefault) return true
  return byDefault !== true && isEmpty(value)
}

/** `agent` for `crewai.Agent`, as CrewAI's files may name their own types. */
function lastPart(name: string): string {
  return name.split('.').at(-1)?.toLowerCase() ?? ''
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (isMap(value)) return Object.keys(value).length === 0
  return value === false || value === ''
}

function allFields({ supported, unsupported, silent }: Kind): readonly string[] {
  return [...supported, ...Object.keys(unsupported), ...silent]
}

function toPathPart(part: PropertyKey): string | number {
  return typeof part === 'number' ? part : String(part)
}
