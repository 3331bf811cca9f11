import { type Call, type Expr, literalOf, type Node } from '../nodes.ts'
import { classify } from './classes/class-kind.ts'
import { externalName, resolve } from './resolve.ts'
import { insideOf, type Scope } from './scope.ts'
import { enumMembers } from './types/enum-members.ts'

/** A value of Python as JSON; null: only running the code could tell. */
export type Constant = { readonly value: unknown } | null

/** Names assigned to names, and lists in lists; more are a circle. */
const MAX_DEPTH = 60

/** What an expression comes to, as pydantic writes it into a schema. */
export function constantOf(expr: Expr, scope: Scope, depth = 0): Constant {
  if (depth > MAX_DEPTH) return null
  switch (expr.nodeType) {
    case 'Constant':
      return literalValue(expr, scope)
    case 'Name':
    case 'Attribute':
      return named(expr, scope, depth)
    case 'UnaryOp':
      return unary(expr, constantOf(expr.operand, scope, depth + 1))
    case 'BinOp':
      return binary(expr, scope, depth)
    case 'JoinedStr':
      return joined(expr, scope, depth)
    case 'List':
    case 'Tuple':
      return list(expr.elts, scope, depth)
    case 'Set':
      // The order of more than one is Python's secret.
      return expr.elts.length === 1 ? list(expr.elts, scope, depth) : null
    case 'Dict':
      return map(expr, scope, depth)
    case 'Call':
      return called(expr, scope, depth)
    default:
      return null
  }
}

/** A text, or null when it is none or cannot be told. */
export function textValue(expr: Expr, scope: Scope): string | null {
  const constant = constantOf(expr, scope)
  return typeof constant?.value === 'string' ? constant.value : null
}

function literalValue(expr: Node<'Constant'>, { syntax }: Scope): Constant {
  const literal = literalOf(expr, syntax)
  switch (literal.kind) {
    case 'none':
      return { value: null }
    case 'int':
      return typeof literal.value === 'bigint' ? null : { value: literal.value }
    case 'text':
    case 'bool':
    case 'float':
      return { value: literal.value }
    default:
      return null
  }
}

function named(expr: Node<'Name'> | Node<'Attribute'>, scope: Scope, depth: number): Constant {
  const member = memberOf(expr, scope)
  if (member !== null) return member
  const meaning = resolve(expr, scope)
  if (meaning.kind === 'value') return { value: meaning.value }
  // An attribute that nothing resolves comes back as it is.
  if (meaning.kind !== 'expression' || meaning.node === expr) return null
  return constantOf(meaning.node, meaning.scope, depth + 1)
}

/** `Color.RED`, `Color.RED.value` or a constant of a class. */
function memberOf(expr: Expr, scope: Scope): Constant {
  if (expr.nodeType !== 'Attribute') return null
  return partOfMember(expr, scope) ?? attributeOf(expr, scope)
}

function partOfMember({ attr, value: owner }: Node<'Attribute'>, scope: Scope): Constant {
  if ((attr !== 'value' && attr !== 'name') || owner.nodeType !== 'Attribute') return null
  const member = memberOf(owner, scope)
  return member === null || attr === 'value' ? member : { value: owner.attr }
}

function attributeOf({ attr, value }: Node<'Attribute'>, scope: Scope): Constant {
  const owner = resolve(value, scope)
  if (owner.kind !== 'class') return null
  if (classify(owner).kind === 'enum') {
    const members = enumMembers(owner, (one, inner) => constantOf(one, inner, 1))
    return members?.find(({ name }) => name === attr) ?? null
  }
  const meaning = insideOf(owner).lookup(attr)
  return meaning?.kind === 'expression' ? constantOf(meaning.node, meaning.scope, 1) : null
}

function unary(expr: Node<'UnaryOp'>, operand: Constant): Constant {
  if (expr.op.nodeType === 'Not' && typeof operand?.value === 'boolean')
    return { value: !operand.value }
  if (typeof operand?.value !== 'number') return null
  if (expr.op.nodeType === 'USub') return { value: -operand.value }
  return expr.op.nodeType === 'UAdd' ? operand : null
}

function binary(expr: Node<'BinOp'>, scope: Scope, depth: number): Constant {
  const left = constantOf(expr.left, scope, depth + 1)?.value
  const right = constantOf(expr.right, scope, depth + 1)?.value
  const operator = expr.op.nodeType
  if (typeof left === 'number' && typeof right === 'number') return calculate(operator, left, right)
  if (operator !== 'Add') return null
  if (typeof left === 'string' && typeof right === 'string') return { value: left + right }
  return Array.isArray(left) && Array.isArray(right) ? { value: [...left, ...right] } : null
}

function calculate(operator: string, left: number, right: number): Constant {
  const results: Readonly<Record<string, number>> = {
    Add: left + right,
    Sub: left - right,
    Mult: left * right,
    Div: left / right,
    FloorDiv: Math.floor(left / right),
    Pow: left ** right,
  }
  const value = results[operator]
  // Python has integers of any size, and no infinity here.
  return value !== undefined && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? { value } : null
}

function joined(expr: Node<'JoinedStr'>, scope: Scope, depth: number): Constant {
  const parts = expr.values.map((part) => {
    if (part.nodeType === 'Constant') return String(part.value)
    if (part.nodeType !== 'FormattedValue' || part.format_spec || part.conversion !== -1)
      return null
    const value = constantOf(part.value, scope, depth + 1)?.value
    return typeof value === 'string' || Number.isInteger(value) ? String(value) : null
  })
  return parts.includes(null) ? null : { value: parts.join('') }
}

function list(elements: readonly Expr[], scope: Scope, depth: number): Constant {
  const values = elements.map((element) => constantOf(element, scope, depth + 1))
  return values.every((one) => one !== null) ? { value: values.map(({ value }) => value) } : null
}

function map(expr: Node<'Dict'>, scope: Scope, depth: number): Constant {
  const keys = expr.keys.map((key) => (key === null ? null : constantOf(key, scope, depth + 1)))
  const values = list(expr.values, scope, depth)
  if (values === null || !keys.every((key) => key !== null && isKey(key.value))) return null
  const entries = keys.map((key, index) => [
    String(key?.value),
    (values.value as readonly unknown[])[index],
  ])
  return { value: Object.fromEntries(entries) }
}

function isKey(value: unknown): boolean {
  return typeof value === 'string' || Number.isSafeInteger(value)
}

/** Calls without arguments that give something empty. */
const EMPTY: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['builtins:dict', {}],
  ['builtins:list', []],
  ['builtins:set', []],
  ['builtins:tuple', []],
])
/** Calls that give a text back as it is, as far as JSON is concerned. */
const TEXTS: ReadonlySet<string> = new Set(['decimal:Decimal', 'uuid:UUID', 'builtins:str'])

function called({ func, args, keywords }: Call, scope: Scope, depth: number): Constant {
  const name = externalName(func, scope) ?? ''
  const [first, ...more] = args
  if (keywords.length > 0 || more.length > 0) return null
  if (first === undefined) return EMPTY.has(name) ? { value: EMPTY.get(name) } : null
  const constant = TEXTS.has(name) ? constantOf(first, scope, depth + 1) : null
  return typeof constant?.value === 'string' ? constant : null
}
