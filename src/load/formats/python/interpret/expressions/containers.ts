import { atOf, type Expr, type Node } from '../../nodes.ts'
import { dict, hasMany, isText, list, manyOf, scalar } from '../values/make.ts'
import type { Frame, Value } from '../values/value.ts'
import type { World } from '../world.ts'

/** Null: it takes in what is not known. */
export function makeSequence(
  node: Node<'List' | 'Set' | 'Tuple'>,
  frame: Frame,
  world: World,
): Value | null {
  const items = spreadAll(node.elts, frame, world)
  const at = atOf(node, frame.module.syntax)
  return items === null ? null : list(items, at, node.nodeType === 'Tuple')
}

/** Null: there is a `*` before something that is no known list. */
export function spreadAll(
  nodes: readonly Expr[],
  frame: Frame,
  world: World,
): readonly Value[] | null {
  const items: Value[] = []
  for (const node of nodes) {
    if (node.nodeType !== 'Starred') {
      items.push(world.evaluate(node, frame))
      continue
    }
    const spread = world.evaluate(node.value, frame)
    if (spread.kind === 'list') items.push(...spread.items)
    else if (spread.kind === 'hole' || spread.kind === 'made') items.push(manyOf(spread))
    else return null
  }
  return items
}

/** Null: a key of it is not known, or no text. */
export function makeDict(node: Node<'Dict'>, frame: Frame, world: World): Value | null {
  const entries: [string, Value][] = []
  for (const [index, keyNode] of node.keys.entries()) {
    const valueNode = node.values[index]
    if (valueNode === undefined) return null
    const value = world.evaluate(valueNode, frame)
    if (keyNode === null) {
      if (value.kind !== 'dict') return null
      entries.push(...value.entries)
      continue
    }
    const key = world.evaluate(keyNode, frame)
    if (key.kind !== 'scalar' || typeof key.value !== 'string') return null
    entries.push([key.value, value])
  }
  return dict(entries, atOf(node, frame.module.syntax))
}

/** `container[from:to]`; null: not known. */
export function slice(
  container: Value,
  bounds: Node<'Slice'>,
  frame: Frame,
  world: World,
): Value | null {
  const from = boundOf(bounds.lower, frame, world)
  const to = boundOf(bounds.upper, frame, world)
  if (bounds.step !== undefined || from === null || to === null) return null
  if (container.kind === 'list' && !hasMany(container.items))
    return list(container.items.slice(from, to), container.at, container.isTuple)
  if (!isText(container)) return null
  return scalar([...container.value].slice(from, to).join(''), container.at)
}

/** Undefined: there is none. Null: not known. */
function boundOf(node: Expr | undefined, frame: Frame, world: World): number | undefined | null {
  if (node === undefined) return undefined
  const value = world.evaluate(node, frame)
  return value.kind === 'scalar' && typeof value.value === 'number' ? value.value : null
}
