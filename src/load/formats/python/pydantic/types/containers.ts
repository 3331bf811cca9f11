import type { JsonSchema } from '../../../../../llm/model.ts'
import { ANY, type Core, core, toJsonSchema } from './core.ts'
import { EXTERNAL_TYPES } from './external-types.ts'

/** A list, a dict and their like. */
export function containerOf(kind: string, parts: readonly Core[]): Core {
  const [first = ANY, second = ANY] = parts
  switch (kind) {
    case 'set':
    case 'frozenset':
      return core(kind, { type: 'array', uniqueItems: true, items: toJsonSchema(first) })
    case 'dict':
    case 'mapping':
      return core(kind, dictSchema(first, second))
    case 'counter':
      return core('mapping', dictSchema(first, EXTERNAL_TYPES.get('builtins:int') ?? ANY))
    default:
      return core(kind, { type: 'array', items: toJsonSchema(first) })
  }
}

/** `tuple[int, str]`; of `tuple[int, ...]` the items are all alike. */
export function tupleOf(parts: readonly Core[]): Core {
  const items = parts.map(toJsonSchema)
  const prefix = items.length === 0 ? {} : { prefixItems: items }
  return core('tuple', {
    type: 'array',
    ...prefix,
    minItems: items.length,
    maxItems: items.length,
  })
}

function dictSchema(keys: Core, values: Core): JsonSchema {
  const { title: _, pattern, ...keySchema } = toJsonSchema(keys)
  const { title: __, ...valueSchema } = toJsonSchema(values)
  return { type: 'object', ...valuesPart(pattern, valueSchema), ...keysPart(keySchema) }
}

function valuesPart(pattern: unknown, values: JsonSchema): JsonSchema {
  if (typeof pattern === 'string') return { patternProperties: { [pattern]: values } }
  return { additionalProperties: Object.keys(values).length === 0 ? true : values }
}

function keysPart(keys: JsonSchema): JsonSchema {
  if ('$ref' in keys) return { propertyNames: keys }
  const { type, ...more } = keys
  return type === 'string' && Object.keys(more).length > 0 ? { propertyNames: more } : {}
}
