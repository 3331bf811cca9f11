import type { Expr } from '../../nodes.ts'
import { isText } from '../values/make.ts'
import type { Frame, Value } from '../values/value.ts'
import type { World } from '../world.ts'

/** Assigns to a name, an attribute, an entry, or several of these; false: it cannot be followed. */
export function assignTo(target: Expr, value: Value, frame: Frame, world: World): boolean {
  switch (target.nodeType) {
    case 'Name':
      if (frame.wanted === null || frame.wanted.has(target.id)) frame.locals.set(target.id, value)
      if (value.kind === 'made') value.variable ??= target.id
      return true
    case 'Attribute':
      return setAttribute(world.evaluate(target.value, frame), target.attr, value)
    case 'Subscript': {
      const container = world.evaluate(target.value, frame)
      if (container.kind === 'external') return true
      return setEntry(container, world.evaluate(target.slice, frame), value)
    }
    case 'Tuple':
    case 'List':
      return unpack(target.elts, value, frame, world)
    default:
      return false
  }
}

function setAttribute(owner: Value, name: string, value: Value): boolean {
  if (owner.kind === 'instance') owner.attributes.set(name, value)
  else if (owner.kind === 'class') owner.attributes.known.set(name, value)
  else if (owner.kind === 'made') owner.keywords.set(name, { value, at: value.at })
  // What is set on things outside of the project changes nothing that is read here.
  else return owner.kind === 'external' || owner.kind === 'hole'
  return true
}

function setEntry(container: Value, key: Value, value: Value): boolean {
  if (container.kind === 'dict' && isText(key)) {
    container.entries.set(key.value, value)
    return true
  }
  const index = key.kind === 'scalar' ? key.value : null
  if (
    container.kind !== 'list' ||
    typeof index !== 'number' ||
    index < 0 ||
    index >= container.items.length
  )
    return false
  container.items[index] = value
  return true
}

function unpack(targets: readonly Expr[], value: Value, frame: Frame, world: World): boolean {
  if (value.kind !== 'list' || value.items.length !== targets.length) return false
  return targets.every((target, index) => {
    const item = value.items[index]
    return item !== undefined && assignTo(target, item, frame, world)
  })
}
