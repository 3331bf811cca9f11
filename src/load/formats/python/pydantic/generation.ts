import type { JsonSchema } from '../../../../llm/model.ts'
import type { At, Expr, Node, Stmt } from '../nodes.ts'
import { createDefinitions, type Definitions } from './definitions.ts'
import { type ClassMeaning, placeOf, type Scope } from './scope.ts'
import { ANY, type Core, core } from './types/core.ts'

/** What only Python itself can tell, and where it stands. */
export interface Hole {
  readonly at: At
  /** Ends a sentence, e.g. `the default of since is computed by datetime.now()`. */
  readonly reason: string
}

/** Types read for one model; more come of names that double one another. */
const MAX_TYPES = 20_000

/** One schema under way. */
export interface Generation {
  readonly definitions: Definitions
  readonly holes: readonly Hole[]
  /** Code that checks values, which no schema tells. */
  readonly validators: readonly Hole[]
  /** Notes it, and takes anything in its place. */
  hole(node: Expr | Stmt, scope: Scope, reason: string): Core
  validator(node: Expr | Stmt | Node<'FunctionDef'>, scope: Scope, reason: string): void
  /** A reference to a class, which gets its place in `$defs`. */
  refer(owner: ClassMeaning): Core
  /** Runs `read` unless the same type is being read already, or far too many were. */
  entering(node: Expr, scope: Scope, read: () => Core): Core
}

/** @param describe the schema of a class, without `$defs` */
export function createGeneration(
  describe: (owner: ClassMeaning, generation: Generation) => JsonSchema,
): Generation {
  const holes: Hole[] = []
  const validators: Hole[] = []
  const open = new Set<Expr>()
  let types = 0
  const hole: Generation['hole'] = (node, scope, reason) => {
    holes.push({ at: placeOf(node, scope), reason })
    return ANY
  }
  const definitions = createDefinitions()
  const generation: Generation = {
    definitions,
    holes,
    validators,
    hole,
    validator: (node, scope, reason) => validators.push({ at: placeOf(node, scope), reason }),
    refer: (owner) => {
      const { module } = owner.scope
      const name = { module, qualifiedName: owner.qualifiedName ?? owner.node.name }
      // Past the limit there is no schema anyway.
      const build = () => (types > MAX_TYPES ? {} : describe(owner, generation))
      const schema = definitions.refer(owner.node, name, build)
      return core('ref', schema, { owner })
    },
    entering: (node, scope, read) => {
      types += 1
      if (types === MAX_TYPES) return hole(node, scope, `there are more than ${MAX_TYPES} types`)
      if (types > MAX_TYPES) return ANY
      if (open.has(node)) return hole(node, scope, 'a type is defined by itself')
      open.add(node)
      try {
        return read()
      } finally {
        open.delete(node)
      }
    },
  }
  return generation
}
