import { nearest } from '../../../../fields/nearest.ts'
import type { At } from '../../nodes.ts'
import { percentText } from '../values/format-text.ts'
import { joinTexts, MAX_TEXT } from '../values/join-texts.ts'
import {
  dict,
  fullName,
  hasMany,
  hole,
  isText,
  list,
  manyOf,
  scalar,
  UNKNOWN,
  untold,
} from '../values/make.ts'
import { truthOf } from '../values/truth.ts'
import type { Dict, List, Value } from '../values/value.ts'
import type { World } from '../world.ts'

/** Larger ones are of no help to a crew, and `"a" * 10 ** 9` would take all memory. */
const MAX_ITEMS = 10_000

const SIGNS: Readonly<Record<string, string>> = {
  Add: '+',
  Sub: '-',
  Mult: '*',
  Div: '/',
  FloorDiv: '//',
  Mod: '%',
  Pow: '**',
  BitOr: '|',
  BitAnd: '&',
  BitXor: '^',
  LShift: '<<',
  RShift: '>>',
  MatMult: '@',
}

export function binary(left: Value, operator: string, right: Value, at: At): Value {
  return (
    combine(left, operator, right, at) ??
    hole(UNKNOWN, ['(', left, ` ${SIGNS[operator] ?? '+'} `, right, ')'], at)
  )
}

/** Null: not known. */
function combine(left: Value, operator: string, right: Value, at: At): Value | null {
  switch (operator) {
    case 'Add':
      return add(left, right, at)
    case 'BitOr':
      return left.kind === 'dict' && right.kind === 'dict'
        ? dict([...left.entries, ...right.entries], at)
        : null
    case 'Div':
      return joinPaths(left, right, at) ?? calculate(left, operator, right, at)
    case 'Mod':
      return isText(left) ? percentText(left, right) : calculate(left, operator, right, at)
    case 'Mult':
      return multiply(left, right, at)
    default:
      return calculate(left, operator, right, at)
  }
}

function add(left: Value, right: Value, at: At): Value | null {
  if (left.kind === 'list' && right.kind === 'list')
    return list([...left.items, ...right.items].slice(0, MAX_ITEMS), at, left.isTuple)
  if (left.kind === 'list' && isUnknown(right)) return list([...left.items, manyOf(right)], at)
  if (right.kind === 'list' && isUnknown(left)) return list([manyOf(left), ...right.items], at)
  return isTextLike(left) && isTextLike(right)
    ? joinTexts([left, right], at)
    : calculate(left, 'Add', right, at)
}

function isUnknown({ kind }: Value): boolean {
  return kind === 'hole' || kind === 'made' || kind === 'untold'
}

/** `Path("a") / "b"`; texts cannot be divided. */
function joinPaths(left: Value, right: Value, at: At): Value | null {
  if (!(isText(left) && isText(right))) return null
  return scalar(`${left.value.replace(/\/$/, '')}/${right.value}`, at)
}

function isTextLike(value: Value): boolean {
  return isText(value) || value.kind === 'env' || value.kind === 'parts'
}

/** `what * times`, in either order. */
function multiply(left: Value, right: Value, at: At): Value | null {
  const [what, times] = numberOf(right) === null ? [right, numberOf(left)] : [left, numberOf(right)]
  if (times === null) return null
  if (isText(what)) return repeatText(what.value, times, at)
  if (what.kind === 'list') return repeatList(what, times, at)
  const other = numberOf(what)
  return other === null ? null : scalar(other * times, at)
}

function numberOf(value: Value): number | null {
  return value.kind === 'scalar' && typeof value.value === 'number' ? value.value : null
}

function repeatText(text: string, times: number, at: At): Value {
  return text.length * times > MAX_TEXT
    ? untold('is a text of more than 256 kB', at)
    : scalar(text.repeat(Math.max(0, Math.trunc(times))), at)
}

function repeatList({ items }: List, times: number, at: At): Value {
  return items.length * times > MAX_ITEMS
    ? untold(`is a list of more than ${MAX_ITEMS}`, at)
    : list(Array.from({ length: Math.max(0, times) }, () => items).flat(), at)
}

function calculate(left: Value, operator: string, right: Value, at: At): Value | null {
  const [a, b] = [numberOf(left), numberOf(right)]
  const result = a === null || b === null ? null : ARITHMETIC.get(operator)?.(a, b)
  return result == null || !Number.isFinite(result) ? null : scalar(result, at)
}

const ARITHMETIC: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['Add', (a, b) => a + b],
  ['Sub', (a, b) => a - b],
  ['Div', (a, b) => a / b],
  ['FloorDiv', (a, b) => Math.floor(a / b)],
  ['Mod', (a, b) => a - b * Math.floor(a / b)],
  ['Pow', (a, b) => a ** b],
])

export function unary(operator: string, operand: Value, at: At, world: World): Value {
  if (operator === 'Not') {
    const truth = truthOf(operand, world)
    return truth === undefined ? hole(UNKNOWN, ['(not ', operand, ')'], at) : scalar(!truth, at)
  }
  if (operand.kind === 'scalar' && typeof operand.value === 'number') {
    if (operator === 'USub') return scalar(-operand.value, at)
    if (operator === 'UAdd') return scalar(operand.value, at)
  }
  const sign = operator === 'USub' ? '-' : '~'
  return hole(UNKNOWN, [`(${sign}`, operand, ')'], at)
}

/** `container[key]` */
export function subscript(container: Value, key: Value, at: At): Value {
  if (container.kind === 'dict' && isText(key))
    return container.entries.get(key.value) ?? missingKey(container, key.value, at)
  if (
    container.kind === 'list' &&
    !hasMany(container.items) &&
    key.kind === 'scalar' &&
    typeof key.value === 'number'
  )
    return container.items.at(key.value) ?? outOfRange(container, key.value, at)
  if (container.kind === 'external' && fullName(container) === 'os.environ' && isText(key))
    return { kind: 'env', name: key.value, fallback: null, at }
  // Of `list[str]` and the like only type checkers want to know.
  if (container.kind === 'builtin' || isGeneric(container)) return container
  return hole(UNKNOWN, [container, '[', key, ']'], at)
}

/** `List` and `Flow` are, `CONFIGS` and `toolset` are not. */
function isGeneric(value: Value): boolean {
  return value.kind === 'external' && /^[A-Z][a-z]/.test(value.path.at(-1) ?? '')
}

function missingKey({ entries, file }: Dict, key: string, at: At): Value {
  // Once, however many agents are looked for in it.
  if (file !== null && entries.size === 0)
    return untold(describeEmpty(file), { file, line: 1, column: 1 })
  const names = [...entries.keys()]
  const near = nearest(key, names)
  const known = near === undefined ? describeNames(names) : `did you mean "${near}"?`
  return untold(`${file ?? 'the map'} has no "${key}"; ${known}`, at)
}

function describeEmpty(file: string): string {
  return file.startsWith('../')
    ? "lies outside of the project's folder, which is all that is read; copy it into the project"
    : 'is missing or empty, but the crew asks for what is in it'
}

/** Names that a message lists. */
const MAX_LISTED = 12

export function describeNames(names: readonly string[]): string {
  if (names.length === 0) return 'it has none at all'
  const more = names.length > MAX_LISTED ? `, and ${names.length - MAX_LISTED} more` : ''
  return `it has ${names.slice(0, MAX_LISTED).join(', ')}${more}`
}

function outOfRange({ items }: List, index: number, at: At): Value {
  return untold(`the list has ${items.length} entries, and none at ${index}`, at)
}
