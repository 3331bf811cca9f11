import type { World } from '../world.ts'
import { fullName, scalar } from './make.ts'
import type { Scalar, Value } from './value.ts'

/** Whether an `if` takes it for true; undefined: not known. */
export function truthOf(value: Value, world: World): boolean | undefined {
  switch (value.kind) {
    case 'scalar':
      return Boolean(value.value)
    case 'list':
      return value.items.length > 0
    case 'dict':
      return value.entries.size > 0
    case 'env': {
      const known = resolve(value, world)
      return known === null ? undefined : Boolean(known.value)
    }
    case 'parts':
    case 'class':
    case 'function':
    case 'instance':
    case 'module':
      return true
    case 'made':
      return /^[A-Z]/.test(value.callee.path.at(-1) ?? '') ? true : undefined
    case 'external':
      // Only type checkers see what is imported below it.
      return fullName(value) === 'typing.TYPE_CHECKING' ? false : undefined
    default:
      return undefined
  }
}

/** The value that a variable of the environment has now, as `os.getenv` gives it; null: not known. */
export function resolve(value: Value, world: World): Scalar | null {
  if (value.kind === 'scalar') return value
  if (value.kind === 'parts') {
    const parts = value.parts.map((part) => resolve(part, world))
    return parts.every((part) => part !== null)
      ? scalar(parts.map((part) => part.value ?? 'None').join(''), value.at)
      : null
  }
  if (value.kind !== 'env') return null
  const set = world.environment.get(value.name)
  if (set !== undefined) return scalar(set, value.at)
  return value.fallback === null ? scalar(null, value.at) : resolve(value.fallback, world)
}

/** Undefined: not known. */
export function compare(
  left: Value,
  operator: string,
  right: Value,
  world: World,
): boolean | undefined {
  switch (operator) {
    case 'Eq':
    case 'Is':
      return equals(left, right, world)
    case 'NotEq':
    case 'IsNot':
      return negate(equals(left, right, world))
    case 'In':
      return contains(right, left, world)
    case 'NotIn':
      return negate(contains(right, left, world))
    default:
      return order(resolve(left, world)?.value, operator, resolve(right, world)?.value)
  }
}

const negate = (holds: boolean | undefined) => (holds === undefined ? undefined : !holds)

function equals(left: Value, right: Value, world: World): boolean | undefined {
  if (left === right) return true
  const a = resolve(left, world)
  const b = resolve(right, world)
  if (a !== null && b !== null) return a.value === b.value
  // A thing is never None.
  const isNone = a?.value === null || b?.value === null
  const other = a === null ? left : right
  const isThing = ['list', 'dict', 'made', 'instance', 'class', 'function', 'module'].includes(
    other.kind,
  )
  return isNone && isThing ? false : undefined
}

function contains(container: Value, item: Value, world: World): boolean | undefined {
  const key = resolve(item, world)?.value
  if (key === undefined) return undefined
  if (container.kind === 'external' && fullName(container) === 'os.environ')
    return typeof key === 'string' ? world.environment.get(key) !== undefined : undefined
  if (container.kind === 'dict') return typeof key === 'string' && container.entries.has(key)
  if (container.kind === 'list') {
    const items = container.items.map((one) => resolve(one, world))
    return items.every((one) => one !== null) ? items.some((one) => one.value === key) : undefined
  }
  const text = resolve(container, world)?.value
  return typeof text === 'string' && typeof key === 'string' ? text.includes(key) : undefined
}

type Known = Scalar['value'] | undefined

function order(left: Known, operator: string, right: Known): boolean | undefined {
  const isComparable =
    (typeof left === 'number' && typeof right === 'number') ||
    (typeof left === 'string' && typeof right === 'string')
  if (!isComparable) return undefined
  if (operator === 'Lt') return left < right
  if (operator === 'LtE') return left <= right
  if (operator === 'Gt') return left > right
  return operator === 'GtE' ? left >= right : undefined
}
