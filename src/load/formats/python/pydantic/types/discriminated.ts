import type { JsonSchema } from '../../../../../llm/model.ts'
import type { Generation } from '../generation.ts'
import { type Core, canonical, core, toJsonSchema } from './core.ts'

/** A union of which the field `name` tells the members apart; null: one of them does not tell. */
export function discriminated(one: Core, name: string, generation: Generation): Core | null {
  if (one.type === 'nullable' && one.inner !== null) {
    const inner = discriminated(one.inner, name, generation)
    return inner === null ? null : { ...one, inner }
  }
  if (one.type !== 'union') return null
  const entries = one.choices.map((choice) => {
    const schema = toJsonSchema(choice)
    const values = choice.owner === null ? null : valuesOf(choice, name, generation)
    return values?.map((value) => [value, schema] as const) ?? null
  })
  if (!entries.every((values) => values !== null)) return null
  const all = entries.flat()
  const members = [...new Map(all.map(([, schema]) => [canonical(schema), schema])).values()]
  const mapping = Object.fromEntries(
    all.map(([value, schema]) => [value, schema['$ref'] ?? schema]),
  )
  return core(
    'tagged-union',
    { oneOf: members, discriminator: { propertyName: name, mapping } },
    { updates: one.updates },
  )
}

/** What a field may be, when it may be one of a few texts or numbers. */
function valuesOf(choice: Core, name: string, generation: Generation): readonly string[] | null {
  const model = choice.owner === null ? undefined : generation.definitions.get(choice.owner.node)
  const properties = new Map(Object.entries((model?.['properties'] ?? {}) as JsonSchema))
  const field = properties.get(name) as JsonSchema | undefined
  if (field === undefined) return null
  const { const: only, enum: several } = field
  if (only !== undefined) return [String(only)]
  return Array.isArray(several) ? several.map(String) : null
}
