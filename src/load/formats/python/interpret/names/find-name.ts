import { type At, atOf, type Node, type Stmt } from '../../nodes.ts'
import { external } from '../values/make.ts'
import type { Module, Value } from '../values/value.ts'
import type { World } from '../world.ts'
import { moduleValue } from './imports.ts'
import { isBuiltin, ownName } from './look-up.ts'

/** A name of a module, its own or one that it takes with `from … import *`. */
export function findName(module: Module, name: string, world: World): Value | undefined {
  const at = { file: module.syntax.file, line: 1, column: 1 }
  const own = ownName(module, name, at, world)
  if (own !== undefined || name.startsWith('_')) return own
  const stars = (module.bindings.get('*') ?? []).filter(isImportFrom).toReversed()
  for (const star of stars) {
    const found = findStarred(star, module, name, world)
    if (found !== undefined) return found
  }
  return undefined
}

function isImportFrom(statement: Stmt): statement is Node<'ImportFrom'> {
  return statement.nodeType === 'ImportFrom'
}

function findStarred(
  star: Node<'ImportFrom'>,
  module: Module,
  name: string,
  world: World,
): Value | undefined {
  const { module: from = '', level = 0 } = star
  const at: At = atOf(star, module.syntax)
  const target = world.importModule(from, level, module)
  if (target === undefined) {
    // What a foreign module has nobody knows here; Python's own names it hardly replaces.
    return level > 0 || isBuiltin(name) ? undefined : external(from, [name], at)
  }
  if ('message' in target) return isBuiltin(name) ? undefined : moduleValue(target, at)
  if (target === module || !offers(target, name, world)) return undefined
  return world.deeper(() => world.find(target, name))
}

function offers(module: Module, name: string, world: World): boolean {
  const all = module.bindings.has('__all__') ? world.find(module, '__all__') : undefined
  if (all?.kind !== 'list') return true
  return all.items.some((item) => item.kind === 'scalar' && item.value === name)
}
