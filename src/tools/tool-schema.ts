import { z } from 'zod'
import type { JsonSchema } from '../llm/model.ts'

/** Delegation shows the same schemas in every task. */
const schemas = new WeakMap<z.ZodType, JsonSchema>()

/**
 * The JSON Schema of a tool's parameters, as a model is told it: a field with a default may be left out.
 *
 * @throws Error when JSON has no such type, e.g. for `z.date()`
 */
export function toolSchema(parameters: z.ZodType): JsonSchema {
  const known = schemas.get(parameters)
  if (known) return known
  // Some providers refuse keys they do not know, and `$schema` tells a model nothing.
  const { $schema: _, ...schema } = z.toJSONSchema(parameters, { io: 'input' })
  schemas.set(parameters, schema)
  return schema
}
