import { atOf, type Stmt } from '../../nodes.ts'
import { boundNames } from '../names/bindings.ts'
import type { Frame } from '../values/value.ts'
import type { Ending } from '../world.ts'

export const NEXT: Ending = { kind: 'next' }

export function stop(statement: Stmt, why: string, frame: Frame, raises = false): Ending {
  return { kind: 'stop', why, at: atOf(statement, frame.module.syntax), raises }
}

/** At the top of a module and of a class only that runs which binds the name that is asked for. */
export function concerns(statement: Stmt, { wanted }: Frame): boolean {
  if (wanted === null) return true
  for (const name of boundNames(statement)) if (wanted.has(name)) return true
  return false
}
