import type { At, Node, Stmt } from '../../nodes.ts'
import { NEXT, stop } from '../statements/ending.ts'
import { hole, untold } from '../values/make.ts'
import type { Bindings, Frame, Lazy, Value } from '../values/value.ts'
import type { Ending, World } from '../world.ts'
import { assignTo } from './assign.ts'
import { changedBy } from './bindings.ts'

/** A name of a module or of a class's body, of which only what concerns it is run. */
export interface LazyName {
  readonly name: string
  readonly bindings: Bindings
  readonly lazy: Lazy
  readonly body: Frame
  /** Where Python finds it; null: nowhere. */
  readonly home: Value | null
}

export function createLazy(): Lazy {
  return { known: new Map(), open: new Map(), assigned: new Map() }
}

/** Undefined: nothing binds it. */
export function readLazily(wanted: LazyName, world: World): Value | undefined {
  const { name, bindings, lazy, body, home } = wanted
  const known = lazy.known.get(name)
  if (known !== undefined) return known
  const statements = bindings.get(name)
  const [first] = statements ?? []
  if (statements === undefined || first === undefined) return undefined
  const at = { file: body.module.syntax.file, line: first.lineno, column: first.col_offset + 1 }
  if (lazy.open.has(name)) return soFar(name, statements, lazy, at)
  lazy.open.set(name, body)
  const ending = runAll(statements, wanted, world)
  lazy.open.delete(name)
  const value =
    ending.kind === 'stop' ? stopped(ending.why, home, ending.at) : body.locals.get(name)
  if (value !== undefined) lazy.known.set(name, value)
  return value
}

/** What is asked of a name while it is evaluated is asked by a line further down. */
function soFar(name: string, statements: readonly Stmt[], lazy: Lazy, at: At): Value {
  const assigned = statements.flatMap((statement) => lazy.assigned.get(statement) ?? [])
  return (
    lazy.open.get(name)?.locals.get(name) ??
    assigned.at(-1) ??
    untold(`${name} is needed to tell what ${name} is`, at)
  )
}

function runAll(statements: readonly Stmt[], wanted: LazyName, world: World): Ending {
  for (const statement of statements) {
    const ending =
      statement.nodeType === 'Assign'
        ? assign(statement, wanted, world)
        : world.run([statement], wanted.body)
    if (ending.kind !== 'next') return ending
  }
  return NEXT
}

function assign(statement: Node<'Assign'>, wanted: LazyName, world: World): Ending {
  world.spend()
  const value = valueOnce(statement, wanted, world)
  const isDone = statement.targets.every((target) => assignTo(target, value, wanted.body, world))
  return isDone ? NEXT : stop(statement, 'assigns what cannot be followed', wanted.body)
}

/** `last = names.pop()` concerns both names, and happens once. */
function valueOnce(statement: Node<'Assign'>, wanted: LazyName, world: World): Value {
  const { name, lazy, body } = wanted
  const { assigned } = lazy
  const known = assigned.get(statement)
  if (known !== undefined) return known
  for (const changed of changedBy(statement.value))
    if (changed !== name && !lazy.open.has(changed))
      readLazily(
        {
          ...wanted,
          name: changed,
          body: { ...body, locals: new Map(), wanted: new Set([changed]) },
        },
        world,
      )
  const value = assigned.get(statement) ?? world.evaluate(statement.value, body)
  assigned.set(statement, value)
  return value
}

function stopped(why: string, home: Value | null, at: At): Value {
  return home === null ? untold(why, at) : hole(why, [home], at)
}
