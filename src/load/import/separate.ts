import type { PythonReference } from '../../workers/python/reference.ts'
import { AGENT, CREW, TASK } from '../fields/fields.ts'
import type { Kind } from '../fields/kind.ts'
import type { Place } from '../problem.ts'
import { type CrewSource, type Field, inside, isMap, type Section, snakeCase } from '../source.ts'
import { isPlain } from '../values/deep-freeze.ts'
import { isPythonReference } from '../values/python-value.ts'
import type { ToolReference } from '../values/tool-source.ts'
import type { Secrets } from './secrets.ts'
import type { ToolNames } from './tool-stubs.ts'

/** What the files of a crew cannot hold: it is Python's. */
export interface LeftOut {
  readonly field: string
  /** Of the field, or of what is inside it. */
  readonly place: Place
  readonly reference: PythonReference
}

/** A field that nobody knows, neither CrewAI nor we. */
export interface Unknown {
  readonly field: string
  readonly noun: string
  readonly place: Place
}

export interface Separated {
  /** What can be written: JSON alone, with tools by their names. */
  readonly source: CrewSource
  readonly leftOut: readonly LeftOut[]
  readonly unknown: readonly Unknown[]
}

interface Separating {
  readonly tools: ToolNames
  readonly secrets: Secrets
}

/** Parts a crew into what our files can hold and what has to be written anew. */
export function separate(source: CrewSource, { tools, secrets }: Separating): Separated {
  const leftOut: LeftOut[] = []
  const unknown: Unknown[] = []
  const leave = (field: string, place: Place, reference: PythonReference) =>
    leftOut.push({ field, place, reference })
  const inField = (field: Field, kind: Kind): readonly Field[] => {
    const { name, place } = field
    if (!fieldsOf(kind).includes(name)) {
      unknown.push({ field: name, noun: kind.noun, place })
      return []
    }
    // A task is called like its key.
    if (kind === TASK && name === 'name') return []
    const value =
      name === 'tools'
        ? namedTools(field, tools)
        : withoutPython(field, isText(name, kind) ? null : leave)
    return value === undefined ? [] : [{ ...field, value: secrets.hide(value, [...pathOf(place)]) }]
  }
  const inSection =
    (kind: Kind) =>
    (section: Section): Section => ({
      ...section,
      fields: counting(section.fields)?.flatMap((field) => inField(field, kind)) ?? null,
    })
  const { agents, tasks, settings } = source
  return {
    source: {
      ...source,
      settings: inSection(CREW)(settings),
      agents: { ...agents, sections: agents.sections?.map(inSection(AGENT)) ?? null },
      tasks: { ...tasks, sections: tasks.sections?.map(inSection(TASK)) ?? null },
    },
    leftOut,
    unknown,
  }
}

/** Of two fields of the same name the later one, where it stands. */
function counting(fields: readonly Field[] | null): readonly Field[] | null {
  return (
    fields?.filter(({ name }, at) => fields.findLastIndex((one) => one.name === name) === at) ??
    null
  )
}

function fieldsOf({ supported, unsupported, silent }: Kind): readonly string[] {
  return [...supported, ...Object.keys(unsupported), ...silent].map(snakeCase)
}

/** Whether nothing can stand for the field. What is wrong with it is said when the crew is checked. */
function isText(name: string, { supported, nested = {} }: Kind): boolean {
  return supported.some((field) => snakeCase(field) === name && !Object.hasOwn(nested, field))
}

/** What is no tool at all stays, for the check to complain of. */
function namedTools({ value, place }: Field, tools: ToolNames): unknown {
  const name = (reference: ToolReference, at: Place) => tools.nameOf(reference, at) ?? reference
  if (isPythonReference(value)) return [name(value, place)]
  if (!Array.isArray(value)) return value
  const named = value.map((entry: unknown, at) =>
    (typeof entry === 'string' && entry !== '') || isPythonReference(entry)
      ? name(entry, inside(place, at))
      : entry,
  )
  return [...new Set(named)]
}

type Leave = (field: string, place: Place, reference: PythonReference) => void

/**
 * The value without what only Python can give; undefined: nothing is left of it.
 *
 * @param leave null: it stays
 */
function withoutPython({ name, value, place }: Field, leave: Leave | null): unknown {
  if (leave === null) return value
  if (isPythonReference(value)) {
    leave(name, place, value)
    return undefined
  }
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, at) =>
      withoutPython({ name, value: item, place: inside(place, at) }, leave),
    )
    const kept = items.filter((item) => item !== undefined)
    return kept.length === 0 && items.length > 0 ? undefined : kept
  }
  if (!isMap(value) || !isPlain(value)) return value
  const entries = Object.entries(value).map(
    ([key, inner]) =>
      [key, withoutPython({ name, value: inner, place: inside(place, key) }, leave)] as const,
  )
  const kept = entries.filter(([, inner]) => inner !== undefined)
  return kept.length === 0 && entries.length > 0 ? undefined : Object.fromEntries(kept)
}

function pathOf({ path }: Place): readonly string[] {
  return path.map(String)
}
