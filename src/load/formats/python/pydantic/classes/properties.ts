import type { JsonSchema } from '../../../../../llm/model.ts'
import type { Generation } from '../generation.ts'
import type { ClassMeaning } from '../scope.ts'
import { annotatedParts, readType } from '../types/annotation.ts'
import { ANY, canonical, takesTitle, toJsonSchema } from '../types/core.ts'
import { type Default, defaultOf, type FieldInfo, fieldInfoOf } from '../types/field-info.ts'
import { withFieldInfo } from '../types/metadata.ts'
import type { ModelConfig } from './config.ts'
import type { ClassField } from './fields.ts'
import { generateAlias, titleOf } from './spelling.ts'

/** The schema of an object with these fields. */
export function propertiesOf(
  fields: readonly ClassField[],
  config: Pick<ModelConfig, 'aliasGenerator'>,
  generation: Generation,
): JsonSchema {
  const read = fields.map((field) => {
    const property = propertyOf(field, generation)
    const name = property.alias ?? aliasOf(field, config, generation)
    const schema = withoutRepeated(titled(property, name), property.owner, generation)
    return { ...property, name, schema }
  })
  const required = read.filter((one) => one.isRequired).map(({ name }) => name)
  return {
    type: 'object',
    properties: Object.fromEntries(read.map(({ name, schema }) => [name, schema])),
    ...(required.length === 0 ? {} : { required }),
  }
}

export interface Property {
  readonly schema: JsonSchema
  readonly alias: string | null
  readonly isRequired: boolean
  readonly takesTitle: boolean
  /** The class that it refers to; null: none. */
  readonly owner: ClassMeaning | null
}

/** One field: its type, what `Field` says about it, and its default. */
export function propertyOf(field: ClassField, generation: Generation): Property {
  const { annotation, value, scope, name } = field
  const assigned = value === null ? null : fieldInfoOf(value, scope)
  const infos = [...annotatedInfos(field), ...(assigned === null ? [] : [assigned])]
  const type = annotation === null ? ANY : readType(annotation, scope, generation)
  const whole =
    assigned === null || value === null
      ? type
      : withFieldInfo(type, assigned, { node: value, scope, generation })
  const chosen = value !== null && assigned === null ? defaultOf(value, scope) : lastDefault(infos)
  if (chosen?.kind === 'computed')
    generation.hole(chosen.node, scope, `the default of ${name} is computed`)
  const schema = { ...toJsonSchema({ ...whole, updates: {} }), ...defaultPart(chosen) }
  const described = field.text === null ? {} : { description: field.text }
  return {
    schema: { ...schema, ...described, ...whole.updates },
    alias: infos.reduce<string | null>((last, { alias }) => alias ?? last, null),
    isRequired: field.required ?? (chosen === null || chosen.kind === 'required'),
    takesTitle: takesTitle(type),
    owner: type.owner,
  }
}

function annotatedInfos({ annotation, scope }: ClassField): readonly FieldInfo[] {
  const parts = annotation === null ? null : annotatedParts(annotation, scope)
  if (parts === null) return []
  return parts.metadata.flatMap((one) => fieldInfoOf(one, parts.scope) ?? [])
}

function lastDefault(infos: readonly FieldInfo[]): Default | null {
  return infos.reduce<Default | null>((last, { default: one }) => one ?? last, null)
}

function defaultPart(chosen: Default | null): JsonSchema {
  return chosen?.kind === 'value' ? { default: chosen.value } : {}
}

function titled({ schema, takesTitle: takes }: Property, name: string): JsonSchema {
  return takes && !('title' in schema) ? { ...schema, title: titleOf(name) } : schema
}

/** What the class says already is not said beside the reference to it. */
function withoutRepeated(
  schema: JsonSchema,
  owner: ClassMeaning | null,
  { definitions }: Generation,
): JsonSchema {
  const referred = owner === null ? undefined : definitions.get(owner.node)
  if (referred === undefined) return schema
  return Object.fromEntries(
    Object.entries(schema).filter(
      ([key, value]) => key === '$ref' || canonical(referred[key]) !== canonical(value),
    ),
  )
}

function aliasOf(
  { name, scope, annotation }: ClassField,
  { aliasGenerator }: Pick<ModelConfig, 'aliasGenerator'>,
  generation: Generation,
): string {
  if (aliasGenerator === null) return name
  const alias = generateAlias(aliasGenerator, name)
  if (alias === null && annotation !== null)
    generation.hole(annotation, scope, `the alias of ${name} is made by a function`)
  return alias ?? name
}
