import type { JsonSchema } from '../../../../../llm/model.ts'
import { docstringOf } from '../classes/docstring.ts'
import { constantOf } from '../constant.ts'
import type { ClassMeaning } from '../scope.ts'
import { enumMembers, inherits } from './enum-members.ts'

/** As pydantic writes an enum into `$defs`; null: only running it tells a value. */
export function enumSchema(owner: ClassMeaning): JsonSchema | null {
  const members = enumMembers(owner, constantOf)
  if (members === null || members.size === 0) return null
  const values = [...members.values()].map(({ value }) => value)
  const description = docstringOf(owner.node)
  return {
    title: owner.node.name,
    ...(description === null ? {} : { description }),
    enum: values,
    ...typeOfAll(values),
    ...valueType(owner),
  }
}

/** `type`, when all values have the same one. */
export function typeOfAll(values: readonly unknown[]): JsonSchema {
  const [type, ...more] = new Set(values.map(jsonType))
  return type === undefined || type === 'object' || more.length > 0 ? {} : { type }
}

function valueType(owner: ClassMeaning): JsonSchema {
  if (inherits(owner, 'enum:IntEnum') || inherits(owner, 'builtins:int')) return { type: 'integer' }
  return inherits(owner, 'builtins:float') ? { type: 'number' } : {}
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}
