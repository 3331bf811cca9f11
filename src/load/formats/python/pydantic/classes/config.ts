import type { JsonSchema } from '../../../../../llm/model.ts'
import type { ClassDef, Expr } from '../../nodes.ts'
import { constantOf } from '../constant.ts'
import type { Generation } from '../generation.ts'
import { externalName } from '../resolve.ts'
import { type ClassMeaning, insideOf, type Scope } from '../scope.ts'
import { callOf } from '../types/field-info.ts'
import { lineage } from './lineage.ts'

/** What `model_config` says about the schema. */
export interface ModelConfig {
  readonly title: string | null
  readonly extra: 'allow' | 'forbid' | null
  readonly schemaExtra: JsonSchema
  readonly attributeDocstrings: boolean
  /** E.g. `to_camel`; null: none. */
  readonly aliasGenerator: string | null
}

const NO_CONFIG: ModelConfig = {
  title: null,
  extra: null,
  schemaExtra: {},
  attributeDocstrings: false,
  aliasGenerator: null,
}

/** The settings of a class and of what it inherits from, of which the later ones count. */
export function modelConfig(owner: ClassMeaning, generation: Generation): ModelConfig {
  const settings = lineage(owner).flatMap((one) => settingsOf(one, generation))
  const config = settings.map((one) => readSetting(one, generation))
  return Object.assign({ ...NO_CONFIG }, ...config)
}

interface Setting {
  readonly name: string
  readonly node: Expr
  readonly scope: Scope
}

/** `model_config = ConfigDict(…)`, a dict, `class Config:` of pydantic 1, and the arguments of the class. */
function settingsOf(owner: ClassMeaning, generation: Generation): readonly Setting[] {
  const scope = insideOf(owner)
  const inside = owner.node.body.flatMap((statement) => {
    if (statement.nodeType === 'ClassDef' && statement.name === 'Config')
      return oldSettings(statement, scope)
    const value = assignedConfig(statement)
    return value === null ? [] : settingsIn(value, scope, generation)
  })
  const keywords = owner.node.keywords.flatMap(({ arg, value }) =>
    arg === undefined ? [] : [{ name: arg, node: value, scope: owner.scope }],
  )
  return [...inside, ...keywords, ...decoratorConfig(owner, generation)]
}

function oldSettings({ body }: ClassDef, scope: Scope): readonly Setting[] {
  return body.flatMap((statement) => {
    const [target] = statement.nodeType === 'Assign' ? statement.targets : []
    return statement.nodeType === 'Assign' && target?.nodeType === 'Name'
      ? [{ name: target.id, node: statement.value, scope }]
      : []
  })
}

function assignedConfig(statement: ClassMeaning['node']['body'][number]): Expr | null {
  const isConfig = (target: Expr | undefined) =>
    target?.nodeType === 'Name' &&
    (target.id === 'model_config' || target.id === '__pydantic_config__')
  if (statement.nodeType === 'Assign' && isConfig(statement.targets[0])) return statement.value
  if (statement.nodeType === 'AnnAssign' && isConfig(statement.target))
    return statement.value ?? null
  return null
}

/** `@dataclass(config=…)` of pydantic. */
function decoratorConfig(owner: ClassMeaning, generation: Generation): readonly Setting[] {
  return owner.node.decorator_list.flatMap((one) => {
    if (one.nodeType !== 'Call') return []
    if (externalName(one.func, owner.scope) !== 'pydantic.dataclasses:dataclass') return []
    const config = one.keywords.find(({ arg }) => arg === 'config')
    return config === undefined ? [] : settingsIn(config.value, owner.scope, generation)
  })
}

function settingsIn(value: Expr, scope: Scope, generation: Generation): readonly Setting[] {
  const call = callOf(value, scope)
  if (call !== null && CONFIGS.has(externalName(call.node.func, call.scope) ?? ''))
    return call.node.keywords.flatMap(({ arg, value: node }) =>
      arg === undefined
        ? unread(node, scope, generation)
        : [{ name: arg, node, scope: call.scope }],
    )
  if (value.nodeType !== 'Dict') return unread(value, scope, generation)
  return value.keys.flatMap((key, index) => {
    const name = key === null ? null : constantOf(key, scope)?.value
    const node = value.values[index]
    return typeof name === 'string' && node !== undefined
      ? [{ name, node, scope }]
      : unread(value, scope, generation)
  })
}

const CONFIGS: ReadonlySet<string> = new Set(['pydantic:ConfigDict', 'builtins:dict'])

function unread(node: Expr, scope: Scope, generation: Generation): readonly Setting[] {
  generation.hole(node, scope, 'the settings of the model are computed')
  return []
}

/** Settings by which the schema is made by a function, or in another way. */
const COMPUTED: ReadonlySet<string> = new Set([
  'field_title_generator',
  'model_title_generator',
  'json_schema_mode_override',
  'ser_json_timedelta',
  'ser_json_bytes',
])

function readSetting({ name, node, scope }: Setting, generation: Generation): Partial<ModelConfig> {
  if (COMPUTED.has(name)) generation.hole(node, scope, `the setting ${name} makes the schema`)
  const external = externalName(node, scope)
  if (name === 'alias_generator')
    return { aliasGenerator: external?.replace(/^pydantic:/, '') ?? '' }
  if (!READ.has(name)) return {}
  const value = external?.startsWith('pydantic:Extra.')
    ? external.split('.')[1]
    : constantOf(node, scope)?.value
  if (value !== undefined) return read(name, value)
  generation.hole(node, scope, `the setting ${name} is computed`)
  return {}
}

const READ: ReadonlySet<string> = new Set([
  'title',
  'extra',
  'json_schema_extra',
  'use_attribute_docstrings',
])

function read(name: string, value: unknown): Partial<ModelConfig> {
  if (name === 'title') return { title: typeof value === 'string' ? value : null }
  if (name === 'extra') return { extra: value === 'allow' || value === 'forbid' ? value : null }
  if (name === 'use_attribute_docstrings') return { attributeDocstrings: value === true }
  return { schemaExtra: typeof value === 'object' && value !== null ? (value as JsonSchema) : {} }
}
