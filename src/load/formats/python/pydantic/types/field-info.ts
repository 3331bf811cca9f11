import type { JsonSchema } from '../../../../../llm/model.ts'
import { type Call, type Expr, literalOf, type Node } from '../../nodes.ts'
import { constantOf, textValue } from '../constant.ts'
import { externalName, resolve } from '../resolve.ts'
import type { Scope } from '../scope.ts'
import { isBound } from './bounds.ts'

/** What `Field(…)` says. */
export interface FieldInfo {
  /** Null: says nothing. `factory`: is made anew each time, which no schema tells. */
  readonly default: Default | null
  readonly alias: string | null
  readonly discriminator: string | null
  readonly bounds: readonly (readonly [string, unknown])[]
  /** Title, description and what else goes into the schema as it is. */
  readonly updates: JsonSchema
  readonly problems: readonly FieldProblem[]
}

export type Default =
  | { readonly kind: 'required' | 'factory' }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'computed'; readonly node: Expr }

interface FieldProblem {
  readonly node: Expr
  readonly reason: string
}

const NO_FIELD: FieldInfo = {
  default: null,
  alias: null,
  discriminator: null,
  bounds: [],
  updates: {},
  problems: [],
}

/** `Field(…)`, also by the name it was given; null: it is no such call. */
export function fieldInfoOf(expr: Expr, scope: Scope): FieldInfo | null {
  const call = callOf(expr, scope)
  if (call === null) return null
  const name = externalName(call.node.func, call.scope)
  // That of a dataclass takes no default without its name; both spell the others alike.
  if (name !== 'pydantic:Field' && name !== 'dataclasses:field') return null
  const [first] = call.node.args
  const start =
    first === undefined ? NO_FIELD : { ...NO_FIELD, default: defaultOf(first, call.scope) }
  const [plain, unknown] = partKeywords(call.node, call.scope)
  const info = plain.reduce((one, keyword) => withKeyword(one, keyword, call.scope), start)
  // What is no argument of Field goes into the schema, as if it stood in json_schema_extra.
  return { ...info, updates: { ...info.updates, ...unknown } }
}

/** A default as it stands in a class or a signature. */
export function defaultOf(expr: Expr, scope: Scope): Default {
  if (expr.nodeType === 'Constant' && literalOf(expr, scope.syntax).kind === 'ellipsis')
    return { kind: 'required' }
  const constant = constantOf(expr, scope)
  return constant === null ? { kind: 'computed', node: expr } : { kind: 'value', ...constant }
}

/** A call, also by the name it was given. */
export function callOf(
  expr: Expr,
  scope: Scope,
): { readonly node: Call; readonly scope: Scope } | null {
  if (expr.nodeType === 'Call') return { node: expr, scope }
  if (expr.nodeType !== 'Name' && expr.nodeType !== 'Attribute') return null
  const meaning = resolve(expr, scope)
  if (meaning.kind !== 'expression' || meaning.node.nodeType !== 'Call') return null
  return { node: meaning.node, scope: meaning.scope }
}

type Keyword = Call['keywords'][number]

/** Arguments that change nothing about a schema of what goes in. */
const INERT: ReadonlySet<string> = new Set(
  `frozen exclude exclude_if repr init init_var kw_only validate_default alias_priority
  serialization_alias allow_mutation include hash compare`.split(/\s+/),
)
const TEXTS: ReadonlySet<string> = new Set(['title', 'description'])
const REFUSED: ReadonlySet<string> = new Set(['const', 'unique_items', 'regex'])
/** Of a dataclass: pydantic takes some of its keys for its own. */
const UNREAD: ReadonlySet<string> = new Set(['metadata'])
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['min_items', 'min_length'],
  ['max_items', 'max_length'],
])
const NAMED: ReadonlySet<string> = new Set([
  'default',
  'default_factory',
  'alias',
  'validation_alias',
  'discriminator',
  'examples',
  'deprecated',
  'json_schema_extra',
  'field_title_generator',
])

function partKeywords(call: Call, scope: Scope): readonly [readonly Keyword[], JsonSchema] {
  const isUnknown = ({ arg, value }: Keyword) =>
    arg !== undefined &&
    ![INERT, TEXTS, REFUSED, UNREAD, RENAMED, NAMED].some((names) => names.has(arg)) &&
    !isBound(arg) &&
    constantOf(value, scope) !== null
  const extra = call.keywords.filter(isUnknown)
  const entries = extra.map(({ arg = '', value }) => [arg, constantOf(value, scope)?.value])
  const hasExtra = call.keywords.some(({ arg }) => arg === 'json_schema_extra')
  const plain = call.keywords.filter((keyword) => !isUnknown(keyword))
  return [plain, hasExtra ? {} : Object.fromEntries(entries)]
}

function withKeyword(info: FieldInfo, { arg, value }: Keyword, scope: Scope): FieldInfo {
  const problem = (reason: string): FieldInfo => ({
    ...info,
    problems: [...info.problems, { node: value, reason }],
  })
  if (arg === undefined) return problem('the arguments of a field are not written out')
  if (INERT.has(arg)) return info
  if (UNREAD.has(arg)) return problem(`what ${arg} of a field says is not read`)
  if (REFUSED.has(arg)) return problem(`pydantic refuses the argument ${arg} of a field`)
  switch (arg) {
    case 'default':
      return { ...info, default: defaultOf(value, scope) }
    case 'default_factory':
      return isNone(value, scope) ? info : { ...info, default: { kind: 'factory' } }
    case 'alias':
    case 'validation_alias':
      return withAlias(info, arg, value, scope) ?? problem(`the ${arg} is computed`)
    default:
      return withValue(info, arg, value, scope) ?? problem(`the ${arg} is computed`)
  }
}

function withValue(info: FieldInfo, arg: string, node: Expr, scope: Scope): FieldInfo | null {
  const constant = constantOf(node, scope)
  if (constant === null) return arg === 'pattern' ? withPattern(info, node, scope) : null
  const { value } = constant
  const bounded = RENAMED.get(arg) ?? arg
  if (isBound(bounded)) return { ...info, bounds: [...info.bounds, [bounded, value]] }
  if (value === null) return info
  if (arg === 'discriminator')
    return typeof value === 'string' ? { ...info, discriminator: value } : null
  const updates = updatesOf(arg, value)
  return updates === null ? null : { ...info, updates: { ...info.updates, ...updates } }
}

function updatesOf(arg: string, value: unknown): JsonSchema | null {
  if (arg === 'deprecated') return value === false ? {} : { deprecated: true }
  if (arg === 'json_schema_extra')
    return typeof value === 'object' && !Array.isArray(value) ? (value as JsonSchema) : null
  if (TEXTS.has(arg)) return typeof value === 'string' ? { [arg]: value } : null
  return arg === 'examples' ? { examples: value } : null
}

/** `re.compile(r"…")`. */
function withPattern(info: FieldInfo, node: Expr, scope: Scope): FieldInfo | null {
  if (node.nodeType !== 'Call' || externalName(node.func, scope) !== 're:compile') return null
  const [first] = node.args
  const pattern = first === undefined ? null : textValue(first, scope)
  return pattern === null ? null : { ...info, bounds: [...info.bounds, ['pattern', pattern]] }
}

/** Of several names the first counts; a validation_alias counts more than an alias. */
function withAlias(info: FieldInfo, arg: string, node: Expr, scope: Scope): FieldInfo | null {
  if (isNone(node, scope)) return info
  const alias = aliasOf(node, scope)
  if (alias === null) return null
  return arg === 'alias' && info.alias !== null ? info : { ...info, alias }
}

function aliasOf(node: Expr, scope: Scope): string | null {
  const text = textValue(node, scope)
  if (text !== null) return text
  const call = callOf(node, scope)
  if (call === null || externalName(call.node.func, call.scope) !== 'pydantic:AliasChoices')
    return null
  const [first] = call.node.args
  return first === undefined ? null : textValue(first, call.scope)
}

function isNone(node: Node<Expr['nodeType']>, scope: Scope): boolean {
  return constantOf(node as Expr, scope)?.value === null
}
