import type { Place } from '../problem.ts'
import { type CrewSource, inside } from '../source.ts'
import { isPythonReference } from './python-value.ts'
import type { ToolReference } from './tool-source.ts'

/** A reference in a `tools:`, and where it stands. */
export interface PlacedReference {
  readonly reference: ToolReference
  readonly place: Place
}

/** Everything that the agents and tasks of a crew name as their tools, but for what is a tool itself. */
export function toolReferences({ agents, tasks }: CrewSource): readonly PlacedReference[] {
  const sections = [...(agents.sections ?? []), ...(tasks.sections ?? [])]
  return sections.flatMap(({ fields }) =>
    (fields ?? []).flatMap(({ name, value, place }) => {
      if (name !== 'tools') return []
      if (isPythonReference(value)) return [{ reference: value, place }]
      return Array.isArray(value)
        ? value.flatMap((entry, at) => entryOf(entry, inside(place, at)))
        : []
    }),
  )
}

function entryOf(entry: unknown, place: Place): readonly PlacedReference[] {
  return typeof entry === 'string' || isPythonReference(entry) ? [{ reference: entry, place }] : []
}

/** What tells a reference from others. */
export function keyOf(reference: ToolReference): string {
  return typeof reference === 'string' ? reference : reference.key
}
