import type { Call, Expr } from '../../nodes.ts'
import { constantOf } from '../constant.ts'
import type { Scope } from '../scope.ts'
import { bound } from './bounds.ts'
import { containerOf } from './containers.ts'
import { ANY, type Core } from './core.ts'
import { EXTERNAL_TYPES } from './external-types.ts'

/** `conint(ge=0)` and its like; null: it is none, or an argument cannot be told. */
export function constrained(
  name: string,
  call: Call,
  scope: Scope,
  readInner: (expr: Expr) => Core,
): Core | null {
  const start = startOf(name, call, readInner)
  if (start === null) return null
  const ordered = ORDER.get(name) ?? []
  const skipped = CONTAINERS.has(name) ? 1 : 0
  const given = [
    ...call.args.slice(skipped).map((arg, index) => [ordered[index], arg] as const),
    ...call.keywords
      .filter(({ arg }) => arg !== 'item_type')
      .map(({ arg, value }) => [arg, value] as const),
  ]
  return given.reduce<Core | null>((one, [key, expr]) => {
    const constant = constantOf(expr, scope)
    return one === null || key === undefined || constant === null
      ? null
      : bound(one, RENAMED.get(key) ?? key, constant.value)
  }, start)
}

const CONTAINERS: ReadonlyMap<string, string> = new Map([
  ['pydantic:conlist', 'list'],
  ['pydantic:conset', 'set'],
  ['pydantic:confrozenset', 'frozenset'],
])
const SCALARS: ReadonlyMap<string, string> = new Map([
  ['pydantic:conint', 'builtins:int'],
  ['pydantic:confloat', 'builtins:float'],
  ['pydantic:constr', 'builtins:str'],
  ['pydantic:conbytes', 'builtins:bytes'],
  ['pydantic:condecimal', 'decimal:Decimal'],
  ['pydantic:condate', 'datetime:date'],
])
/** Arguments that may stand without their name. */
const ORDER: ReadonlyMap<string, readonly string[]> = new Map([
  ['pydantic:conlist', ['min_length', 'max_length']],
])
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['min_items', 'min_length'],
  ['max_items', 'max_length'],
])

function startOf(name: string, call: Call, readInner: (expr: Expr) => Core): Core | null {
  const container = CONTAINERS.get(name)
  if (container === undefined) return EXTERNAL_TYPES.get(SCALARS.get(name) ?? '') ?? null
  const item = call.args[0] ?? call.keywords.find(({ arg }) => arg === 'item_type')?.value
  return containerOf(container, [item === undefined ? ANY : readInner(item)])
}
