import type { JsonSchema } from '../../../../../llm/model.ts'
import type { Expr } from '../../nodes.ts'
import type { Generation } from '../generation.ts'
import { externalName } from '../resolve.ts'
import type { ClassMeaning, Scope } from '../scope.ts'
import { toJsonSchema } from '../types/core.ts'
import { enumSchema } from '../types/enum.ts'
import { type Classified, classify } from './class-kind.ts'
import { type ModelConfig, modelConfig } from './config.ts'
import { docstringOf } from './docstring.ts'
import { type ClassField, collectFields } from './fields.ts'
import { noteMethods } from './methods.ts'
import { propertiesOf, propertyOf } from './properties.ts'

/** The schema of a class of the project, without `$defs`. */
export function describeClass(owner: ClassMeaning, generation: Generation): JsonSchema {
  const classified = classify(owner)
  const { node, scope } = owner
  const note = (reason: string) => toJsonSchema(generation.hole(node, scope, reason))
  if (classified.strange !== null && classified.kind !== 'enum')
    return note(`${node.name} ${classified.strange.reason}`)
  const decorator = node.decorator_list.find((one) => !KNOWN.has(decoratorName(one, scope)))
  if (decorator !== undefined)
    return toJsonSchema(generation.hole(decorator, scope, `a decorator may change ${node.name}`))
  switch (classified.kind) {
    case 'model':
      return modelSchema(owner, generation)
    case 'root-model':
      return rootSchema(owner, classified, generation)
    case 'enum':
      return enumSchema(owner) ?? note(`a value of ${node.name} is known to Python alone`)
    case 'dataclass':
    case 'pydantic-dataclass':
      return dataclassSchema(owner, classified, generation)
    case 'typed-dict':
      return typedDictSchema(owner, generation)
    default:
      return note(`${node.name} is no class of which pydantic makes a schema`)
  }
}

function modelSchema(owner: ClassMeaning, generation: Generation): JsonSchema {
  noteMethods(owner, generation)
  const config = modelConfig(owner, generation)
  const schema = propertiesOf(collectFields(owner, config, generation), config, generation)
  return finished(schema, owner, config, docstringOf(owner.node))
}

/** What it holds is the whole value. */
function rootSchema(owner: ClassMeaning, { root }: Classified, generation: Generation): JsonSchema {
  noteMethods(owner, generation)
  const config = modelConfig(owner, generation)
  const field = collectFields(owner, config, generation).find(({ name }) => name === 'root')
  const declared: ClassField | undefined =
    field ??
    (root === null
      ? undefined
      : { name: 'root', annotation: root.node, value: null, scope: root.scope, text: null })
  if (declared === undefined)
    return toJsonSchema(generation.hole(owner.node, owner.scope, 'it has no root'))
  const { description, title: _, examples: __, ...schema } = propertyOf(declared, generation).schema
  const text = docstringOf(owner.node) ?? (typeof description === 'string' ? description : null)
  return finished(schema, owner, config, text)
}

/** The docstring of a plain dataclass is not told, since Python writes one into those without. */
function dataclassSchema(
  owner: ClassMeaning,
  { kind }: Classified,
  generation: Generation,
): JsonSchema {
  if (kind === 'pydantic-dataclass') noteMethods(owner, generation)
  const config = modelConfig(owner, generation)
  const schema = propertiesOf(collectFields(owner, config, generation), config, generation)
  return finished(schema, owner, config, kind === 'dataclass' ? null : docstringOf(owner.node))
}

function typedDictSchema(owner: ClassMeaning, generation: Generation): JsonSchema {
  const config = modelConfig(owner, generation)
  const schema = propertiesOf(collectFields(owner, config, generation), config, generation)
  return finished(schema, owner, config, docstringOf(owner.node))
}

function finished(
  schema: JsonSchema,
  owner: ClassMeaning,
  config: ModelConfig,
  description: string | null,
): JsonSchema {
  const isDeprecated = owner.node.decorator_list.some((one) =>
    DEPRECATED.has(decoratorName(one, owner.scope)),
  )
  return {
    ...(description === null ? {} : { description }),
    ...(config.extra === null ? {} : { additionalProperties: config.extra === 'allow' }),
    title: config.title ?? owner.node.name,
    ...schema,
    ...config.schemaExtra,
    ...(isDeprecated ? { deprecated: true } : {}),
  }
}

function decoratorName(decorator: Expr, scope: Scope): string {
  return externalName(decorator.nodeType === 'Call' ? decorator.func : decorator, scope) ?? ''
}

const DEPRECATED: ReadonlySet<string> = new Set(['typing:deprecated', 'warnings:deprecated'])
/** Decorators that make no other class of it than its statements say. */
const KNOWN: ReadonlySet<string> = new Set([
  ...DEPRECATED,
  'dataclasses:dataclass',
  'pydantic.dataclasses:dataclass',
  'enum:unique',
  'functools:total_ordering',
  'typing:final',
  'typing:runtime_checkable',
])
