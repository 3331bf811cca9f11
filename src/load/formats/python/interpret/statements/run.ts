import { atOf, type Expr, type Node, type Stmt } from '../../nodes.ts'
import { isOpened } from '../calls/files.ts'
import { binary } from '../expressions/operators.ts'
import { assignTo } from '../names/assign.ts'
import { define } from '../names/define.ts'
import { bindImport, bindImportFrom } from '../names/imports.ts'
import { iterate } from '../values/iterate.ts'
import { isText, scalar } from '../values/make.ts'
import type { Frame, Value } from '../values/value.ts'
import type { Ending, World } from '../world.ts'
import { branch } from './branch.ts'
import { concerns, NEXT, stop } from './ending.ts'

/** Runs statements in order, as far as they can be followed. */
export function run(statements: readonly Stmt[], frame: Frame, world: World): Ending {
  for (const statement of statements) {
    if (!concerns(statement, frame)) continue
    world.spend()
    const ending = world.deeper(() => runOne(statement, frame, world))
    if (ending.kind !== 'next') return ending
  }
  return NEXT
}

function runOne(statement: Stmt, frame: Frame, world: World): Ending {
  switch (statement.nodeType) {
    case 'Expr':
      world.evaluate(statement.value, frame)
      return NEXT
    case 'Assign':
      return assign(statement.targets, world.evaluate(statement.value, frame), statement, {
        frame,
        world,
      })
    case 'AnnAssign':
      return statement.value === undefined
        ? NEXT
        : assign([statement.target], world.evaluate(statement.value, frame), statement, {
            frame,
            world,
          })
    case 'AugAssign':
      return augment(statement, frame, world)
    case 'Return':
      return { kind: 'return', value: returned(statement, frame, world) }
    case 'If':
      return branch(statement, frame, world)
    case 'For':
      return loop(statement, frame, world)
    case 'Try':
    case 'TryStar':
      return attempt(statement, frame, world)
    case 'FunctionDef':
    case 'AsyncFunctionDef':
    case 'ClassDef':
      frame.locals.set(statement.name, define(statement, frame, world))
      return NEXT
    case 'Import':
      bindImport(statement, frame, world)
      return NEXT
    case 'ImportFrom':
      bindImportFrom(statement, frame, world)
      return NEXT
    case 'Delete':
      return remove(statement, frame, world)
    case 'Break':
      return { kind: 'break' }
    case 'Continue':
      return { kind: 'continue' }
    case 'Raise':
      return stop(statement, `raises ${raised(statement, frame)}`, frame, true)
    case 'With':
      return withFile(statement, frame, world)
    case 'While':
    case 'AsyncWith':
    case 'AsyncFor':
    case 'Match':
      return stop(
        statement,
        `has a ${KEYWORDS[statement.nodeType]}, which cannot be followed`,
        frame,
      )
    default:
      return NEXT
  }
}

const KEYWORDS = {
  While: 'while',
  AsyncWith: 'with',
  AsyncFor: 'for',
  Match: 'match',
}

function returned(statement: Node<'Return'>, frame: Frame, world: World): Value {
  if (statement.value !== undefined) return world.evaluate(statement.value, frame)
  return scalar(null, atOf(statement, frame.module.syntax))
}

function raised({ exc }: Node<'Raise'>, { module }: Frame): string {
  if (exc === undefined) return 'an error'
  const type = exc.nodeType === 'Call' ? exc.func : exc
  const [message] = exc.nodeType === 'Call' ? exc.args : []
  const name = type.nodeType === 'Name' ? type.id : 'an error'
  const text = message?.nodeType === 'Constant' ? `: ${String(message.value)}` : ''
  return `${name}${text} (line ${exc.lineno} of ${module.syntax.file})`
}

function assign(
  targets: readonly Expr[],
  value: Value,
  statement: Stmt,
  { frame, world }: { readonly frame: Frame; readonly world: World },
): Ending {
  const isDone = targets.every((target) => assignTo(target, value, frame, world))
  return isDone ? NEXT : stop(statement, 'assigns what cannot be followed', frame)
}

function augment(statement: Node<'AugAssign'>, frame: Frame, world: World): Ending {
  const { target, op, value: right } = statement
  const left = world.evaluate(target, frame)
  const added = world.evaluate(right, frame)
  // A list that others hold as well grows for them, too.
  if (op.nodeType === 'Add' && left.kind === 'list' && added.kind === 'list' && !left.isTuple) {
    left.items.push(...added.items)
    return assign([target], left, statement, { frame, world })
  }
  const at = atOf(statement, frame.module.syntax)
  return assign([target], binary(left, op.nodeType, added, at), statement, { frame, world })
}

/** `del map["key"]`; a name that is gone is not missed. */
function remove(statement: Node<'Delete'>, frame: Frame, world: World): Ending {
  for (const target of statement.targets) {
    if (target.nodeType !== 'Subscript') continue
    const container = world.evaluate(target.value, frame)
    const key = world.evaluate(target.slice, frame)
    if (container.kind === 'external') continue
    if (container.kind !== 'dict' || !isText(key))
      return stop(statement, 'has a del, which cannot be followed', frame)
    container.entries.delete(key.value)
  }
  return NEXT
}

/** A file that is opened stays what it is; what other managers give nobody knows here. */
function withFile(statement: Node<'With'>, frame: Frame, world: World): Ending {
  for (const { context_expr: context, optional_vars: target } of statement.items) {
    const value = world.evaluate(context, frame)
    if (!isOpened(value)) return stop(statement, 'has a with, which cannot be followed', frame)
    const inner = { ...frame, wanted: null }
    if (target !== undefined && !assignTo(target, value, inner, world))
      return stop(statement, 'has a with, which cannot be followed', frame)
  }
  return world.run(statement.body, frame)
}

function loop(statement: Node<'For'>, frame: Frame, world: World): Ending {
  const items = iterate(world.evaluate(statement.iter, frame))
  if (items === null) return stop(statement, 'has a loop over what only a run can tell', frame)
  for (const item of items) {
    world.spend()
    if (!assignTo(statement.target, item, { ...frame, wanted: null }, world))
      return stop(statement, 'has a loop that cannot be followed', frame)
    const ending = world.run(statement.body, frame)
    if (ending.kind === 'break') return NEXT
    if (ending.kind === 'return' || ending.kind === 'stop') return ending
  }
  return world.run(statement.orelse, frame)
}

/** The handlers are taken not to run, but for names that nothing else binds. */
function attempt(statement: Node<'Try' | 'TryStar'>, frame: Frame, world: World): Ending {
  const { wanted, locals } = frame
  let ending = world.run([...statement.body, ...statement.orelse], frame)
  const isMissing = wanted !== null && ![...wanted].some((name) => locals.has(name))
  if (ending.kind === 'next' && isMissing)
    ending = world.run(
      statement.handlers.flatMap(({ body }) => body),
      frame,
    )
  const last = world.run(statement.finalbody, frame)
  return last.kind === 'next' ? ending : last
}
