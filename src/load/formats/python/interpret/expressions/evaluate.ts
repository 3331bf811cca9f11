import { atOf, type Call, type Expr, literalOf, type Node } from '../../nodes.ts'
import { lookUp } from '../names/look-up.ts'
import { formatParts } from '../values/format-text.ts'
import { hasMany, hole, isText, scalar, untold } from '../values/make.ts'
import { compare, truthOf } from '../values/truth.ts'
import type { Argument, Frame, Value } from '../values/value.ts'
import type { World } from '../world.ts'
import { comprehend } from './comprehend.ts'
import { makeDict, makeSequence, slice, spreadAll } from './containers.ts'
import { binary, subscript, unary } from './operators.ts'
import { sourceHole } from './source-hole.ts'

/** What an expression is, as far as it can be told without running it. Never throws but for TooMuch. */
export function evaluate(node: Expr, frame: Frame, world: World): Value {
  world.spend()
  const value = world.deeper(() => evaluateNode(node, frame, world))
  world.spend(weightOf(value))
  return value
}

/** Large texts and lists are copied by what is done with them. */
function weightOf(value: Value): number {
  if (value.kind === 'list') return value.items.length >> 4
  if (value.kind === 'dict') return value.entries.size >> 4
  return isText(value) ? value.value.length >> 8 : 0
}

function evaluateNode(node: Expr, frame: Frame, world: World): Value {
  const at = atOf(node, frame.module.syntax)
  const value = (inner: Expr) => world.evaluate(inner, frame)
  switch (node.nodeType) {
    case 'Constant':
      return constant(node, frame, world)
    case 'Name':
      return lookUp(node.id, frame, at, world)
    case 'Attribute':
      return world.attribute(value(node.value), node.attr, at)
    case 'Call':
      return evaluateCall(node, frame, world)
    case 'List':
    case 'Set':
    case 'Tuple':
      return makeSequence(node, frame, world) ?? sourceHole(node, frame, world)
    case 'Dict':
      return makeDict(node, frame, world) ?? sourceHole(node, frame, world)
    case 'JoinedStr':
      return formatParts(node, frame, world)
    case 'BinOp':
      return binary(value(node.left), node.op.nodeType, value(node.right), at)
    case 'UnaryOp':
      return unary(node.op.nodeType, value(node.operand), at, world)
    case 'BoolOp':
      return either(node, frame, world)
    case 'Compare':
      return compared(node, frame, world)
    case 'IfExp':
      return chosen(node, frame, world)
    case 'Subscript':
      return subscripted(node, frame, world)
    case 'ListComp':
    case 'SetComp':
    case 'GeneratorExp':
    case 'DictComp':
      return comprehend(node, frame, world) ?? sourceHole(node, frame, world)
    case 'Await':
      return value(node.value)
    case 'NamedExpr':
      return named(node, frame, world)
    case 'Lambda':
      return {
        kind: 'function',
        def: node,
        frame,
        path: null,
        decorators: [],
        owner: null,
        self: null,
        at,
      }
    default:
      return sourceHole(node, frame, world)
  }
}

function constant(node: Node<'Constant'>, frame: Frame, world: World): Value {
  const { syntax } = frame.module
  const literal = literalOf(node, syntax)
  const at = atOf(node, syntax)
  if (literal.kind === 'none') return scalar(null, at)
  if (!('value' in literal) || literal.kind === 'bytes') return sourceHole(node, frame, world)
  // The parser leaves characters that are given by their names.
  const isRaw = /r/i.test(/^\w*/.exec(node.quote_style ?? '')?.[0] ?? '')
  if (literal.kind === 'text' && literal.value.includes('\\N{') && !isRaw)
    return sourceHole(node, frame, world)
  return scalar(literal.value, at)
}

function evaluateCall(node: Call, frame: Frame, world: World): Value {
  const callee = world.evaluate(node.func, frame)
  const at = atOf(node, frame.module.syntax)
  const args = spreadAll(node.args, frame, world)
  const keywords = evaluateKeywords(node, frame, world)
  if (args === null || hasMany(args) || keywords === null) return sourceHole(node, frame, world)
  if (callee.kind === 'builtin' && callee.name === 'super' && callee.self === null)
    return superOf(frame) ?? hole('super() outside of a method', ['super()'], at)
  return world.call(callee, { args, keywords }, at)
}

/** Null: it takes in what is not known. */
function evaluateKeywords(
  node: Call,
  frame: Frame,
  world: World,
): ReadonlyMap<string, Argument> | null {
  const keywords = new Map<string, Argument>()
  for (const keyword of node.keywords) {
    const value = world.evaluate(keyword.value, frame)
    const at = atOf(keyword, frame.module.syntax)
    if (keyword.arg !== undefined) {
      keywords.set(keyword.arg, { value, at })
      continue
    }
    if (value.kind !== 'dict') return null
    for (const [name, inner] of value.entries) keywords.set(name, { value: inner, at: inner.at })
  }
  return keywords
}

function superOf({ locals, owner, outer }: Frame): Value | null {
  const [self] = locals.values()
  if (owner === null || (self?.kind !== 'instance' && self?.kind !== 'class'))
    return outer === null ? null : superOf(outer)
  return { kind: 'super', self, owner, at: self.at }
}

/** `a or b`, `a and b` */
function either(node: Node<'BoolOp'>, frame: Frame, world: World): Value {
  const isOr = node.op.nodeType === 'Or'
  const [first, ...others] = node.values
  if (first === undefined) return sourceHole(node, frame, world)
  let result = world.evaluate(first, frame)
  for (const other of others) {
    const truth = truthOf(result, world)
    if (truth === undefined) return sourceHole(node, frame, world)
    if (truth === isOr) return result
    const next = world.evaluate(other, frame)
    // The variable may be set when the crew is read again.
    if (isOr && result.kind === 'env' && result.fallback === null)
      result = { ...result, fallback: next }
    else result = next
  }
  return result
}

function compared(node: Node<'Compare'>, frame: Frame, world: World): Value {
  const at = atOf(node, frame.module.syntax)
  let left = world.evaluate(node.left, frame)
  for (const [index, op] of node.ops.entries()) {
    const rightNode = node.comparators[index]
    if (rightNode === undefined) break
    const right = world.evaluate(rightNode, frame)
    const holds = compare(left, op.nodeType, right, world)
    if (holds === undefined) return sourceHole(node, frame, world)
    if (!holds) return scalar(false, at)
    left = right
  }
  return scalar(true, at)
}

function chosen(node: Node<'IfExp'>, frame: Frame, world: World): Value {
  const truth = truthOf(world.evaluate(node.test, frame), world)
  if (truth === undefined) return sourceHole(node, frame, world)
  return world.evaluate(truth ? node.body : node.orelse, frame)
}

function subscripted(node: Node<'Subscript'>, frame: Frame, world: World): Value {
  const container = world.evaluate(node.value, frame)
  if (node.slice.nodeType === 'Slice')
    return slice(container, node.slice, frame, world) ?? sourceHole(node, frame, world)
  const at = atOf(node, frame.module.syntax)
  return subscript(container, world.evaluate(node.slice, frame), at)
}

function named(node: Node<'NamedExpr'>, frame: Frame, world: World): Value {
  const value = world.evaluate(node.value, frame)
  if (node.target.nodeType === 'Name') frame.locals.set(node.target.id, value)
  else return untold('cannot be followed', atOf(node, frame.module.syntax))
  return value
}
