import { posix } from 'node:path'
import { type Call, type Expr, literalOf, type Node } from '../nodes.ts'
import { classify } from './classes/class-kind.ts'
import { externalName, resolve } from './resolve.ts'
import { insideOf, type Scope } from './scope.ts'
import { enumMembers } from './types/enum-members.ts'

/** A value of Python as JSON; null: only running the code could tell. */
export type Constant = { readonly value: unknown } | null

/** Characters and items in a value; more are names that double one another. */
const MAX_SIZE = 200_000

interface Sized {
  readonly value: unknown
  readonly size: number
}

const known = new WeakMap<Expr, Sized | null>()

/** What an expression comes to, as pydantic writes it into a schema. */
export function constantOf(expr: Expr, scope: Scope): Constant {
  return sizedOf(expr, scope)
}

function sizedOf(expr: Expr, scope: Scope): Sized | null {
  const before = known.get(expr)
  if (before !== undefined) return before
  // What is made of itself sees this.
  known.set(expr, null)
  const found = evaluate(expr, scope)
  const kept = found !== null && found.size <= MAX_SIZE ? found : null
  known.set(expr, kept)
  return kept
}

function evaluate(expr: Expr, scope: Scope): Sized | null {
  switch (expr.nodeType) {
    case 'Constant':
      return literalValue(expr, scope)
    case 'Name':
    case 'Attribute':
      return named(expr, scope)
    case 'UnaryOp':
      return unary(expr, sizedOf(expr.operand, scope))
    case 'BinOp':
      return binary(expr, scope)
    case 'JoinedStr':
      return joined(expr, scope)
    case 'List':
    case 'Tuple':
      return list(expr.elts, scope)
    case 'Set':
      // The order of more than one is Python's secret.
      return expr.elts.length === 1 ? list(expr.elts, scope) : null
    case 'Dict':
      return map(expr, scope)
    case 'Call':
      return called(expr, scope)
    default:
      return null
  }
}

/** A text, or null when it is none or cannot be told. */
export function textValue(expr: Expr, scope: Scope): string | null {
  const constant = constantOf(expr, scope)
  return typeof constant?.value === 'string' ? constant.value : null
}

function sized(value: unknown): Sized {
  return { value, size: typeof value === 'string' ? value.length : 1 }
}

function literalValue(expr: Node<'Constant'>, { syntax }: Scope): Sized | null {
  const literal = literalOf(expr, syntax)
  switch (literal.kind) {
    case 'none':
      return sized(null)
    case 'int':
      return typeof literal.value === 'bigint' ? null : sized(literal.value)
    case 'text':
    case 'bool':
    case 'float':
      return sized(literal.value)
    default:
      return null
  }
}

function named(expr: Node<'Name'> | Node<'Attribute'>, scope: Scope): Sized | null {
  const member = memberOf(expr, scope)
  if (member !== null) return member
  const meaning = resolve(expr, scope)
  if (meaning.kind === 'value') return sized(meaning.value)
  // An attribute that nothing resolves comes back as it is.
  if (meaning.kind !== 'expression' || meaning.node === expr) return null
  return sizedOf(meaning.node, meaning.scope)
}

/** `Color.RED`, `Color.RED.value` or a constant of a class. */
function memberOf(expr: Expr, scope: Scope): Sized | null {
  if (expr.nodeType !== 'Attribute') return null
  return partOfMember(expr, scope) ?? attributeOf(expr, scope)
}

function partOfMember({ attr, value: owner }: Node<'Attribute'>, scope: Scope): Sized | null {
  if ((attr !== 'value' && attr !== 'name') || owner.nodeType !== 'Attribute') return null
  const member = memberOf(owner, scope)
  return member === null || attr === 'value' ? member : sized(owner.attr)
}

function attributeOf({ attr, value }: Node<'Attribute'>, scope: Scope): Sized | null {
  const owner = resolve(value, scope)
  if (owner.kind !== 'class') return null
  if (classify(owner).kind === 'enum') {
    const member = enumMembers(owner, constantOf)?.get(attr)
    return member === undefined ? null : sized(member.value)
  }
  const meaning = insideOf(owner).lookup(attr)
  return meaning?.kind === 'expression' ? sizedOf(meaning.node, meaning.scope) : null
}

function unary(expr: Node<'UnaryOp'>, operand: Sized | null): Sized | null {
  if (expr.op.nodeType === 'Not' && typeof operand?.value === 'boolean')
    return sized(!operand.value)
  if (typeof operand?.value !== 'number') return null
  if (expr.op.nodeType === 'USub') return sized(-operand.value)
  return expr.op.nodeType === 'UAdd' ? operand : null
}

function binary(expr: Node<'BinOp'>, scope: Scope): Sized | null {
  const left = sizedOf(expr.left, scope)
  const right = sizedOf(expr.right, scope)
  if (left === null || right === null) return null
  const operator = expr.op.nodeType
  const [a, b] = [left.value, right.value]
  if (typeof a === 'number' && typeof b === 'number') return calculate(operator, a, b)
  if (operator !== 'Add') return null
  const size = left.size + right.size
  if (size > MAX_SIZE) return null
  if (typeof a === 'string' && typeof b === 'string') return { value: a + b, size }
  return Array.isArray(a) && Array.isArray(b) ? { value: [...a, ...b], size } : null
}

function calculate(operator: string, left: number, right: number): Sized | null {
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
  return value !== undefined && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? sized(value) : null
}

function joined(expr: Node<'JoinedStr'>, scope: Scope): Sized | null {
  const parts = expr.values.map((part) => {
    if (part.nodeType === 'Constant') return String(part.value)
    if (part.nodeType !== 'FormattedValue' || part.format_spec || part.conversion !== -1)
      return null
    const value = sizedOf(part.value, scope)?.value
    return typeof value === 'string' || Number.isInteger(value) ? String(value) : null
  })
  const size = parts.reduce((sum, part) => sum + (part?.length ?? 0), 0)
  return parts.includes(null) || size > MAX_SIZE ? null : sized(parts.join(''))
}

function list(elements: readonly Expr[], scope: Scope): Sized | null {
  const values = elements.map((element) => sizedOf(element, scope))
  if (!values.every((one) => one !== null)) return null
  const size = values.reduce((sum, one) => sum + one.size, 1)
  return { value: values.map(({ value }) => value), size }
}

function map(expr: Node<'Dict'>, scope: Scope): Sized | null {
  const keys = expr.keys.map((key) => (key === null ? null : sizedOf(key, scope)))
  const values = list(expr.values, scope)
  if (values === null || !keys.every((key) => key !== null && isKey(key.value))) return null
  const entries = keys.map((key, index) => [
    String(key?.value),
    (values.value as readonly unknown[])[index],
  ])
  return { value: Object.fromEntries(entries), size: values.size + keys.length }
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

const PATHS: ReadonlySet<string> = new Set(['pathlib:Path', 'pathlib:PurePath'])

/** One that Python leaves as it is. */
function isNormalPath(path: string): boolean {
  return path !== '' && posix.normalize(path) === path && !/\/$|\.\.|\\/.test(path)
}

function called({ func, args, keywords }: Call, scope: Scope): Sized | null {
  const name = externalName(func, scope) ?? ''
  const [first, ...more] = args
  if (keywords.length > 0 || more.length > 0) return null
  if (first === undefined) return EMPTY.has(name) ? sized(EMPTY.get(name)) : null
  const isText = TEXTS.has(name) || PATHS.has(name)
  const constant = isText ? sizedOf(first, scope) : null
  if (typeof constant?.value !== 'string') return null
  return TEXTS.has(name) || isNormalPath(constant.value) ? constant : null
}
