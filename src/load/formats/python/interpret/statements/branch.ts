import { atOf, type Node, type Stmt } from '../../nodes.ts'
import { boundNames } from '../names/bindings.ts'
import { lookUp } from '../names/look-up.ts'
import { truthOf } from '../values/truth.ts'
import type { Frame } from '../values/value.ts'
import type { Ending, World } from '../world.ts'
import { concerns, NEXT, stop } from './ending.ts'

export function branch(statement: Node<'If'>, frame: Frame, world: World): Ending {
  const missed = world.environment.missed()
  const truth = truthOf(world.evaluate(statement.test, frame), world)
  if (truth === undefined) return branchUnknown(statement, frame, world)
  const isOnUnset = world.environment.missed() > missed
  const [taken, other] = truth
    ? [statement.body, statement.orelse]
    : [statement.orelse, statement.body]
  const ending = world.run(taken, frame)
  // `if not os.getenv("KEY"): raise …` says that a run needs the variable.
  return isOnUnset && ending.kind === 'stop' && ending.raises ? world.run(other, frame) : ending
}

/** What only one side binds is surely meant so, and what a side refuses is not expected. */
function branchUnknown(statement: Node<'If'>, frame: Frame, world: World): Ending {
  const { body, orelse } = statement
  const { wanted, locals } = frame
  if (wanted !== null && !orelse.some((one) => concerns(one, frame))) {
    const isBound = [...wanted].some((name) => locals.has(name))
    if (!isBound) return world.run(body, frame)
  }
  if (body.at(-1)?.nodeType === 'Raise') return world.run(orelse, frame)
  if (orelse.at(-1)?.nodeType === 'Raise') return world.run(body, frame)
  if ([...body, ...orelse].every((one) => isInert(one, frame, world))) return NEXT
  return stop(statement, 'depends on what only a run can tell', frame)
}

/** Whether it changes nothing that is read here, such as `print(…)` and `os.environ["X"] = …`. */
function isInert(statement: Stmt, frame: Frame, world: World): boolean {
  if (statement.nodeType === 'Pass') return true
  if (statement.nodeType !== 'Expr' && statement.nodeType !== 'Assign') return false
  const at = atOf(statement, frame.module.syntax)
  const targets = statement.nodeType === 'Assign' ? statement.targets : []
  if (targets.some(({ nodeType }) => nodeType === 'Name')) return false
  return [...boundNames(statement)].every(
    (name) => lookUp(name, frame, at, world).kind === 'external',
  )
}
