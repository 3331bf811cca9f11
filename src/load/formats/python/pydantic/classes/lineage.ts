import type { ClassDef } from '../../nodes.ts'
import type { ClassMeaning } from '../scope.ts'
import { classify } from './class-kind.ts'

const known = new WeakMap<ClassDef, readonly ClassMeaning[]>()

/**
 * A class and all that it inherits from in the project, each once: what others inherit from stands first, the class
 * last. This is Python's own order of looking up, reversed.
 */
export function lineage(owner: ClassMeaning): readonly ClassMeaning[] {
  const before = known.get(owner.node)
  if (before !== undefined) return before
  const all = new Map<ClassDef, ClassMeaning>()
  const add = (one: ClassMeaning) => {
    if (all.has(one.node)) return
    for (const base of classify(one).bases.toReversed()) add(base)
    all.set(one.node, one)
  }
  add(owner)
  const result = [...all.values()]
  known.set(owner.node, result)
  return result
}
