import { type Expr, literalOf, type Node, textOf } from '../../nodes.ts'
import { classify } from '../classes/class-kind.ts'
import type { Generation } from '../generation.ts'
import { externalName, resolve, unquote } from '../resolve.ts'
import type { Meaning, Scope } from '../scope.ts'
import { constrained } from './constrained.ts'
import { containerOf, tupleOf } from './containers.ts'
import { ANY, type Core, core, NONE, toJsonSchema, unionOf } from './core.ts'
import { CONTAINERS, EXTERNAL_TYPES, TRANSPARENT } from './external-types.ts'
import { literalType } from './literal.ts'
import { withMetadata } from './metadata.ts'

/** The type that an annotation stands for. What only Python can tell becomes a hole, and anything in its place. */
export function readType(expr: Expr, scope: Scope, generation: Generation): Core {
  return generation.entering(expr, scope, () => read(expr, scope, generation))
}

/** What stands after the type in `Annotated[…]`, also by the name it was given; null: it is no such type. */
export function annotatedParts(
  expr: Expr,
  scope: Scope,
): { readonly type: Expr; readonly metadata: readonly Expr[]; readonly scope: Scope } | null {
  const meaning = followed(expr, scope)
  if (meaning?.kind !== 'expression' || meaning.node.nodeType !== 'Subscript') return null
  const { node } = meaning
  if (externalName(node.value, meaning.scope) !== 'typing:Annotated') return null
  const [type, ...metadata] = argumentsOf(node)
  return type === undefined ? null : { type, metadata, scope: meaning.scope }
}

/** An annotation in quotes or by the name of another, until it is neither; null: nothing can be read. */
function followed(expr: Expr, scope: Scope): Meaning | null {
  if (expr.nodeType !== 'Constant') return resolve(expr, scope)
  const literal = literalOf(expr, scope.syntax)
  const inside = literal.kind === 'text' ? unquote(literal.value, expr, scope) : null
  return inside?.kind === 'expression' ? resolve(inside.node, inside.scope) : null
}

function read(expr: Expr, scope: Scope, generation: Generation): Core {
  switch (expr.nodeType) {
    case 'Constant':
      return constant(expr, scope, generation)
    case 'Name':
    case 'Attribute':
      return named(expr, scope, generation)
    case 'Subscript':
      return subscript(expr, scope, generation)
    case 'BinOp':
      if (expr.op.nodeType !== 'BitOr') break
      return unionOf([
        readType(expr.left, scope, generation),
        readType(expr.right, scope, generation),
      ])
    case 'Call':
      return called(expr, scope, generation)
    default:
  }
  return generation.hole(expr, scope, 'such an expression is no type that can be read')
}

function constant(expr: Node<'Constant'>, scope: Scope, generation: Generation): Core {
  const literal = literalOf(expr, scope.syntax)
  if (literal.kind === 'none') return NONE
  const inside = literal.kind === 'text' ? unquote(literal.value, expr, scope) : null
  return inside?.kind === 'expression'
    ? readType(inside.node, inside.scope, generation)
    : generation.hole(expr, scope, 'a value is no type')
}

function named(expr: Node<'Name'> | Node<'Attribute'>, scope: Scope, generation: Generation): Core {
  const meaning = resolve(expr, scope)
  const label = expr.nodeType === 'Name' ? expr.id : expr.attr
  switch (meaning.kind) {
    case 'class':
      return generation.refer(meaning)
    case 'expression':
      if (meaning.node === expr) break
      return readType(meaning.node, meaning.scope, generation)
    case 'alias':
      return aliased(meaning, generation)
    case 'external':
      return external(meaning.name, expr, scope, generation)
    case 'value':
      if (meaning.value === null) return NONE
      break
    case 'unknown':
      return generation.hole(expr, scope, `${label} ${meaning.reason}`)
    default:
  }
  return generation.hole(expr, scope, `${label} is no type`)
}

function external(name: string, expr: Expr, scope: Scope, generation: Generation): Core {
  const type = EXTERNAL_TYPES.get(name)
  if (type !== undefined) return type
  const container = CONTAINERS.get(name)
  // A bare tuple is one of any length.
  if (container !== undefined) return containerOf(container, [])
  const label = name.replace(/^builtins:/, '').replace(':', '.')
  return generation.hole(expr, scope, `${label} is a type whose JSON Schema is not known`)
}

/** `type Score = float`, which has a place of its own in `$defs`. */
function aliased({ node, scope }: Meaning & { kind: 'alias' }, generation: Generation): Core {
  const name = node.name.nodeType === 'Name' ? node.name.id : ''
  if (node.type_params.length > 0)
    return generation.hole(node, scope, `${name} is a type with parameters`)
  const path = { module: scope.module, qualifiedName: name }
  const schema = generation.definitions.refer(node, path, () =>
    toJsonSchema(readType(node.value, scope, generation)),
  )
  return core('ref', schema)
}

function subscript(expr: Node<'Subscript'>, scope: Scope, generation: Generation): Core {
  const base = resolve(expr.value, scope)
  const label = textOf(expr.value, scope.syntax)
  if (base.kind === 'unknown') return generation.hole(expr, scope, `${label} ${base.reason}`)
  if (base.kind === 'class')
    return generation.hole(expr, scope, `${label} is a ${classify(base).kind} with type parameters`)
  const name = base.kind === 'external' ? base.name : ''
  const parts = argumentsOf(expr)
  const special = specialForm(name, parts, scope, generation)
  if (special !== null) return special
  const container = CONTAINERS.get(name)
  if (container === undefined)
    return generation.hole(expr, scope, `${label} is a type whose JSON Schema is not known`)
  return containerOf(
    container,
    parts.map((part) => readType(part, scope, generation)),
  )
}

/** What is no container; null: it may be one. */
function specialForm(
  name: string,
  parts: readonly Expr[],
  scope: Scope,
  generation: Generation,
): Core | null {
  const first = () => {
    const [part] = parts
    return part === undefined ? ANY : readType(part, scope, generation)
  }
  switch (name) {
    case 'typing:Literal':
      return literalType(parts, scope, generation)
    case 'typing:Union':
      return unionOf(parts.map((part) => readType(part, scope, generation)))
    case 'typing:Optional':
      return unionOf([first(), NONE])
    case 'typing:Annotated':
      return annotated(parts, scope, generation)
    case 'builtins:tuple':
      return tuple(parts, scope, generation)
    case 'builtins:type':
      return ANY
    case 'pydantic:Json':
      return jsonText(first())
    default:
      return TRANSPARENT.has(name) ? first() : null
  }
}

function annotated(parts: readonly Expr[], scope: Scope, generation: Generation): Core {
  const [type, ...metadata] = parts
  const start = type === undefined ? ANY : readType(type, scope, generation)
  return metadata.reduce((one, part) => withMetadata(one, part, scope, generation), start)
}

function tuple(parts: readonly Expr[], scope: Scope, generation: Generation): Core {
  const [first, second] = parts
  const isEllipsis =
    second?.nodeType === 'Constant' && literalOf(second, scope.syntax).kind === 'ellipsis'
  if (first !== undefined && isEllipsis)
    return containerOf('tuple', [readType(first, scope, generation)])
  return tupleOf(parts.map((part) => readType(part, scope, generation)))
}

function jsonText(inner: Core): Core {
  return core('json', {
    type: 'string',
    contentMediaType: 'application/json',
    contentSchema: toJsonSchema(inner),
  })
}

function called(expr: Node<'Call'>, scope: Scope, generation: Generation): Core {
  const name = externalName(expr.func, scope) ?? ''
  if (name === 'typing:NewType') {
    const [, type] = expr.args
    if (type !== undefined) return readType(type, scope, generation)
  }
  const readInner = (inner: Expr) => readType(inner, scope, generation)
  return (
    constrained(name, expr, scope, readInner) ??
    generation.hole(expr, scope, 'what this call gives is known to Python alone')
  )
}

function argumentsOf({ slice }: Node<'Subscript'>): readonly Expr[] {
  return slice.nodeType === 'Tuple' ? slice.elts : [slice]
}
