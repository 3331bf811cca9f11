/** Freezes lists and plain objects all the way down. Others, such as the schema of a tool, stay as they are. */
export function deepFreeze<T>(value: T): T {
  if (!isPlain(value)) return value
  for (const entry of Object.values(value)) deepFreeze(entry)
  return Object.freeze(value)
}

/** Whether a value is a list, or an object of no class. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null
}
