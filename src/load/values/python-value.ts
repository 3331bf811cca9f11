import type { PythonReference } from '../../workers/python/reference.ts'
import { type CrewSource, isMap } from '../source.ts'

/** Whether a value is one that only Python can tell. */
export function isPythonReference(value: unknown): value is PythonReference {
  return (
    isMap(value) &&
    typeof value['key'] === 'string' &&
    typeof value['expr'] === 'string' &&
    typeof value['at'] === 'string' &&
    isMap(value['names'])
  )
}

/** Everything in a crew's files that only Python can tell, each once. */
export function pythonReferences(source: CrewSource): readonly PythonReference[] {
  const sections = [
    source.settings,
    ...(source.agents.sections ?? []),
    ...(source.tasks.sections ?? []),
  ]
  const all = sections.flatMap(({ fields }) =>
    (fields ?? []).flatMap(({ value }) => inValue(value)),
  )
  return [...new Map(all.map((reference) => [reference.key, reference])).values()]
}

function inValue(value: unknown): readonly PythonReference[] {
  if (isPythonReference(value)) return [value]
  if (Array.isArray(value)) return value.flatMap(inValue)
  return isMap(value) ? Object.values(value).flatMap(inValue) : []
}
