import { ownAttribute } from '../names/look-up.ts'
import { fullName } from '../values/make.ts'
import type { External, OwnClass, Value } from '../values/value.ts'
import type { World } from '../world.ts'

/** Longer lines of ancestors are no classes that anybody wrote. */
const MAX_ANCESTORS = 50

/** A class and its bases of the project, nearest first. */
export function ancestors(cls: OwnClass, world: World): readonly OwnClass[] {
  const found = new Map<unknown, OwnClass>([[cls.def, cls]])
  for (const next of found.values()) {
    for (const base of basesOf(next, world))
      if (base.kind === 'class' && found.size < MAX_ANCESTORS) found.set(base.def, base)
  }
  return [...found.values()]
}

/** Full names of the bases that are not the project's, e.g. `pydantic.BaseModel`. */
export function foreignBases(cls: OwnClass, world: World): readonly string[] {
  return ancestors(cls, world)
    .flatMap((own) => basesOf(own, world))
    .filter((base): base is External => base.kind === 'external')
    .map(fullName)
}

/** Whether it is a kind of something outside of the project, whatever module that is taken from. */
export function isKindOf(cls: OwnClass, names: readonly string[], world: World): boolean {
  return foreignBases(cls, world).some((base) => names.includes(base.split('.').at(-1) ?? base))
}

export function classAttribute(cls: OwnClass, name: string, world: World): Value | undefined {
  for (const own of ancestors(cls, world)) {
    const value = ownAttribute(own, name, world)
    if (value !== undefined) return value
  }
  return undefined
}

function basesOf({ def, frame }: OwnClass, world: World): readonly Value[] {
  return def.bases.map((base) => {
    // Of `Flow[State]` the first part is the base.
    const node = base.nodeType === 'Subscript' ? base.value : base
    return world.evaluate(node, frame)
  })
}

export function decoratorNames(decorators: readonly Value[]): readonly string[] {
  return decorators.map((decorator) => {
    const called = decorator.kind === 'made' ? decorator.callee : decorator
    if (called.kind === 'builtin') return called.name
    return called.kind === 'external' ? fullName(called) : ''
  })
}

/** Whether a decorator of CrewAI's stands above it, e.g. `agent`. */
export function isMarked(decorators: readonly Value[], mark: string): boolean {
  const pattern = new RegExp(`^crewai\\.(.*\\.)?${mark}$`)
  return decoratorNames(decorators).some((name) => pattern.test(name))
}
