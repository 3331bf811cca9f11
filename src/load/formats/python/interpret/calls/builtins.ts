import type { At } from '../../nodes.ts'
import { toText } from '../values/format-text.ts'
import { iterate } from '../values/iterate.ts'
import { callPieces, dict, hole, isText, list, scalar, untold } from '../values/make.ts'
import { truthOf } from '../values/truth.ts'
import type { Builtin, Value } from '../values/value.ts'
import type { Arguments, World } from '../world.ts'
import { opened } from './files.ts'
import { callMethod } from './methods.ts'

/** `len(…)`, `text.format(…)`, `list.append(…)` */
export function callBuiltin(callee: Builtin, given: Arguments, at: At, world: World): Value {
  const { self } = callee
  const result =
    self === null
      ? callFunction(callee.name, given, at, world)
      : callMethod(self, callee.name, given, { at, world })
  if (result !== null) return result
  const called = self === null ? [callee.name] : [self, `.${callee.name}`]
  const pieces = [...called, ...callPieces(callee, given).slice(1)]
  return hole('only Python can tell what this call gives', pieces, at)
}

/** Longer ones are made by mistake, or to do harm. */
const MAX_RANGE = 10_000

type Effect = (first: Value, given: Arguments, at: At, world: World) => Value | null

function callFunction(name: string, given: Arguments, at: At, world: World): Value | null {
  if (name === 'dict') return makeDict(given, at)
  if (name === 'print') return scalar(null, at)
  const [first] = given.args
  if (first === undefined) return EMPTY.get(name)?.(at) ?? null
  return FUNCTIONS.get(name)?.(first, given, at, world) ?? null
}

const FUNCTIONS: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  ['open', (_, given, at) => opened(given, at)],
  ['str', (first) => toText(first)],
  ['int', (first, _, at, world) => toNumber(first, 'int', at, world)],
  ['float', (first, _, at, world) => toNumber(first, 'float', at, world)],
  ['bool', (first, _, at, world) => toTruth(first, at, world)],
  ['list', (first, _, at) => listOf(first, false, at)],
  ['set', (first, _, at) => listOf(first, false, at)],
  ['iter', (first, _, at) => listOf(first, false, at)],
  ['tuple', (first, _, at) => listOf(first, true, at)],
  ['len', (first, _, at) => lengthOf(first, at)],
  [
    'reversed',
    (first, _, at) => (first.kind === 'list' ? list(first.items.toReversed(), at) : null),
  ],
  [
    'enumerate',
    (first, { args, keywords }, at) =>
      enumerate(first, args[1] ?? keywords.get('start')?.value, at),
  ],
  ['zip', (_, { args }, at) => zip(args, at)],
  ['range', (_, { args }, at) => range(args, at)],
  ['getattr', (first, { args }, at, world) => attributeOr(first, args, at, world)],
  ['hasattr', (first, { args }, at, world) => hasAttribute(first, args[1], at, world)],
  ['setattr', (first, { args }, at) => setAttribute(first, args, at)],
])

function toTruth(value: Value, at: At, world: World): Value | null {
  const truth = truthOf(value, world)
  return truth === undefined ? null : scalar(truth, at)
}

function setAttribute(owner: Value, [, name, value]: readonly Value[], at: At): Value | null {
  if (!isText(name) || value === undefined || owner.kind !== 'instance') return null
  owner.attributes.set(name.value, value)
  return scalar(null, at)
}

const EMPTY: ReadonlyMap<string, (at: At) => Value> = new Map<string, (at: At) => Value>([
  ['list', (at) => list([], at)],
  ['tuple', (at) => list([], at, true)],
  ['set', (at) => list([], at)],
  ['str', (at) => scalar('', at)],
])

function makeDict({ args: [first], keywords }: Arguments, at: At): Value | null {
  if (first !== undefined && first.kind !== 'dict') return null
  const named = [...keywords].map(([name, { value }]) => [name, value] as const)
  return dict([...(first?.entries ?? []), ...named], at)
}

/** `int(os.getenv("N", "5"))` is a number as soon as the variable is known. */
function toNumber(value: Value, type: 'int' | 'float', at: At, world: World): Value | null {
  const known = value.kind === 'env' ? environmentNumber(value, world) : value
  if (known?.kind !== 'scalar' || known.value === null || known.value === '') return null
  const number = Number(known.value)
  if (!Number.isFinite(number)) return null
  return scalar(type === 'int' ? Math.trunc(number) : number, at)
}

function environmentNumber(value: Value & { readonly kind: 'env' }, world: World): Value | null {
  const set = world.environment.get(value.name)
  return set === undefined ? value.fallback : scalar(set, value.at)
}

function listOf(value: Value, isTuple: boolean, at: At): Value | null {
  const items = iterate(value)
  return items === null ? null : list(items, at, isTuple)
}

function lengthOf(value: Value, at: At): Value | null {
  if (value.kind === 'dict') return scalar(value.entries.size, at)
  const items = iterate(value)
  return items === null ? null : scalar(items.length, at)
}

function enumerate(value: Value, start: Value | undefined, at: At): Value | null {
  const items = iterate(value)
  const from = start?.kind === 'scalar' && typeof start.value === 'number' ? start.value : 0
  return items === null
    ? null
    : list(
        items.map((item, index) => list([scalar(from + index, at), item], at, true)),
        at,
      )
}

function zip(args: readonly Value[], at: At): Value | null {
  const lists = args.map(iterate)
  if (!lists.every((items) => items !== null)) return null
  const length = Math.min(...lists.map((items) => items.length))
  const rows = Array.from({ length }, (_, index) =>
    lists.flatMap((items) => items.slice(index, index + 1)),
  )
  return list(
    rows.map((row) => list(row, at, true)),
    at,
  )
}

function range(args: readonly Value[], at: At): Value | null {
  const numbers = args.map((arg) =>
    arg.kind === 'scalar' && typeof arg.value === 'number' ? arg.value : null,
  )
  if (!numbers.every((number) => number !== null) || numbers.length > 2) return null
  const [from, to] =
    numbers.length === 1 ? [0, numbers[0] ?? 0] : [numbers[0] ?? 0, numbers[1] ?? 0]
  if (to - from > MAX_RANGE) return untold(`is a range of more than ${MAX_RANGE}`, at)
  return list(
    Array.from({ length: Math.max(0, to - from) }, (_, index) => scalar(from + index, at)),
    at,
  )
}

/** `getattr(owner, name, fallback)` */
function attributeOr(
  owner: Value,
  [, name, fallback]: readonly Value[],
  at: At,
  world: World,
): Value | null {
  if (!isText(name)) return null
  const value = world.attribute(owner, name.value, at)
  return value.kind === 'untold' && fallback !== undefined ? fallback : value
}

function hasAttribute(owner: Value, name: Value | undefined, at: At, world: World): Value | null {
  if (!isText(name) || owner.kind !== 'instance') return null
  return scalar(world.attribute(owner, name.value, at).kind !== 'untold', at)
}
