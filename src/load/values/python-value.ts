import type { PythonReference } from '../../workers/python/reference.ts'

/** Whether a value is one that only Python can tell. */
export function isPythonReference(value: unknown): value is PythonReference {
  if (typeof value !== 'object' || value === null || !('names' in value)) return false
  const { key, expr, names, at } = value as Readonly<Record<string, unknown>>
  const isText = [key, expr, at].every((text) => typeof text === 'string')
  return isText && typeof names === 'object' && names !== null
}
