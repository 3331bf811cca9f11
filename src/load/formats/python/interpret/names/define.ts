import { atOf, type ClassDef, type FunctionDef } from '../../nodes.ts'
import type { Frame, OwnClass, OwnFunction } from '../values/value.ts'
import type { World } from '../world.ts'
import { createLazy } from './lazy-name.ts'

/** What a `def` or a `class` makes. */
export function define(
  node: ClassDef | FunctionDef,
  frame: Frame,
  world: World,
): OwnClass | OwnFunction {
  const at = atOf(node, frame.module.syntax)
  const path = pathOf(node.name, frame)
  if (node.nodeType === 'ClassDef')
    return { kind: 'class', def: node, frame, path, attributes: createLazy(), at }
  const decorators = node.decorator_list.map((decorator) => world.evaluate(decorator, frame))
  const owner = frame.scope === 'class' ? frame.owner : null
  return { kind: 'function', def: node, frame, path, decorators, owner, self: null, at }
}

/** `name` at the top of a module, `Class.name` in a class there. */
function pathOf(name: string, { scope, owner }: Frame): string | null {
  if (scope === 'module') return name
  return scope === 'class' && owner?.path != null ? `${owner.path}.${name}` : null
}
