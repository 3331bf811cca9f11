import type { JsonSchema } from '../../../../../llm/model.ts'
import type { Call, Expr } from '../../nodes.ts'
import { constantOf } from '../constant.ts'
import type { Generation } from '../generation.ts'
import { externalName, resolve } from '../resolve.ts'
import type { Scope } from '../scope.ts'
import { bound } from './bounds.ts'
import { type Core, core } from './core.ts'
import { discriminated } from './discriminated.ts'
import { callOf, type FieldInfo, fieldInfoOf } from './field-info.ts'

/** A type with what stands after it in `Annotated[…]`. */
export function withMetadata(
  one: Core,
  metadata: Expr,
  scope: Scope,
  generation: Generation,
): Core {
  const info = fieldInfoOf(metadata, scope)
  if (info !== null) return withFieldInfo(one, info, { node: metadata, scope, generation })
  // A text is for readers.
  if (metadata.nodeType === 'Constant') return one
  const call = callOf(metadata, scope)
  const name =
    call === null ? externalName(metadata, scope) : externalName(call.node.func, call.scope)
  const at = { node: metadata, scope, generation }
  if (name === null) return withOwn(one, call, at)
  if (VALIDATORS.has(name)) return withValidator(one, call?.node ?? null, at)
  if (INERT.has(name)) return one
  if (call !== null && name === 'pydantic:WithJsonSchema') return withJsonSchema(call, at)
  const bounds = call === null ? null : boundsOf(name, call.node, call.scope)
  return bounds === null
    ? generation.hole(metadata, scope, `what ${name.replace(':', '.')} does to a type is not read`)
    : bounds.reduce((all, [key, value]) => bounded(all, key, value, at), one)
}

/** A type with what `Field(…)` says about it. */
export function withFieldInfo(one: Core, info: FieldInfo, at: Place): Core {
  for (const { node, reason } of info.problems) at.generation.hole(node, at.scope, reason)
  const whole = info.bounds.reduce((all, [key, value]) => bounded(all, key, value, at), one)
  const parted =
    info.discriminator === null
      ? whole
      : (discriminated(whole, info.discriminator, at.generation) ??
        at.generation.hole(at.node, at.scope, 'what the discriminator parts cannot be told'))
  return { ...parted, updates: { ...parted.updates, ...info.updates } }
}

interface Place {
  readonly node: Expr
  readonly scope: Scope
  readonly generation: Generation
}

const VALIDATORS: ReadonlySet<string> = new Set([
  'pydantic:AfterValidator',
  'pydantic:BeforeValidator',
  'pydantic:WrapValidator',
  'annotated_types:Predicate',
])
const INERT: ReadonlySet<string> = new Set([
  'pydantic:Strict',
  'pydantic:AllowInfNan',
  'pydantic:FailFast',
  'pydantic:PlainSerializer',
  'pydantic:WrapSerializer',
  'typing:Doc',
])
/** What sets bounds, and which, in the order of its arguments without names; with names they are bounds as well. */
const BOUNDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['annotated_types:Gt', ['gt']],
  ['annotated_types:Ge', ['ge']],
  ['annotated_types:Lt', ['lt']],
  ['annotated_types:Le', ['le']],
  ['annotated_types:MultipleOf', ['multiple_of']],
  ['annotated_types:MinLen', ['min_length']],
  ['annotated_types:MaxLen', ['max_length']],
  ['annotated_types:Len', ['min_length', 'max_length']],
  ['annotated_types:Interval', ['gt', 'ge', 'lt', 'le']],
  ['pydantic:StringConstraints', []],
])

function bounded(
  one: Core,
  name: string,
  value: unknown,
  { node, scope, generation }: Place,
): Core {
  return (
    bound(one, name, value) ??
    generation.hole(node, scope, `what ${name} does to such a type is not read`)
  )
}

function boundsOf(
  name: string,
  call: Call,
  scope: Scope,
): readonly (readonly [string, unknown])[] | null {
  const names = BOUNDS.get(name)
  if (names === undefined) return null
  const given = [
    ...call.args.map((arg, index) => [names[index], arg] as const),
    ...call.keywords.map(({ arg, value }) => [arg, value] as const),
  ]
  const bounds = given.flatMap(([key, expr]) => {
    const constant = constantOf(expr, scope)
    return key === undefined || constant === null ? [] : [[key, constant.value] as const]
  })
  return bounds.length === given.length ? bounds : null
}

function withValidator(one: Core, call: Call | null, { node, scope, generation }: Place): Core {
  generation.validator(node, scope, 'a validator checks it')
  return call?.keywords.some(({ arg }) => arg === 'json_schema_input_type')
    ? generation.hole(node, scope, 'a validator takes another type')
    : one
}

function withJsonSchema(call: { node: Call; scope: Scope }, place: Place): Core {
  const [first = call.node.keywords[0]?.value] = call.node.args
  const value = first === undefined ? null : constantOf(first, call.scope)?.value
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? core('any', value as JsonSchema)
    : place.generation.hole(place.node, place.scope, 'its JSON Schema is computed')
}

/** Classes of the project mean nothing to pydantic, unless they say so themselves. */
function withOwn(
  one: Core,
  call: { readonly node: Call; readonly scope: Scope } | null,
  { node, scope, generation }: Place,
): Core {
  const meaning = call === null ? resolve(node, scope) : resolve(call.node.func, call.scope)
  const isInert =
    meaning.kind === 'value' ||
    (meaning.kind === 'expression' && constantOf(meaning.node, meaning.scope) !== null) ||
    (meaning.kind === 'class' &&
      meaning.node.bases.length === 0 &&
      !meaning.node.body.some(
        (part) => part.nodeType === 'FunctionDef' && part.name.startsWith('__get_pydantic'),
      ))
  return isInert ? one : generation.hole(node, scope, 'what this does to a type is not read')
}
