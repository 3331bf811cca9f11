import type { Expr, Stmt } from '../../nodes.ts'
import type { Bindings } from '../values/value.ts'

const cache = new WeakMap<Stmt, ReadonlySet<string>>()

/** The statements by the names that they bind or change, in order. */
export function bindingsOf(body: readonly Stmt[]): Bindings {
  const bindings = new Map<string, Stmt[]>()
  for (const statement of body)
    for (const name of boundNames(statement)) {
      const known = bindings.get(name)
      if (known === undefined) bindings.set(name, [statement])
      else known.push(statement)
    }
  return bindings
}

/** The names that a statement binds or changes; `*` when it takes all of a module. */
export function boundNames(statement: Stmt): ReadonlySet<string> {
  const known = cache.get(statement)
  if (known !== undefined) return known
  const names = new Set(listNames(statement))
  cache.set(statement, names)
  return names
}

function listNames(statement: Stmt): readonly string[] {
  switch (statement.nodeType) {
    case 'FunctionDef':
    case 'AsyncFunctionDef':
    case 'ClassDef':
      return [statement.name]
    case 'Import':
      return statement.names.map(({ name, asname }) => asname ?? name.split('.')[0] ?? name)
    case 'ImportFrom':
      return statement.names.map(({ name, asname }) => asname ?? name)
    case 'Assign':
      return [...statement.targets.flatMap(rootNames), ...changedBy(statement.value)]
    case 'AnnAssign':
      return statement.value === undefined ? [] : rootNames(statement.target)
    case 'TypeAlias':
      return rootNames(statement.name)
    case 'AugAssign':
      return rootNames(statement.target)
    case 'Delete':
      return statement.targets.flatMap((target) =>
        target.nodeType === 'Subscript' ? rootNames(target) : [],
      )
    case 'Expr':
      return mutatedNames(statement.value)
    default: {
      const inside = blocksOf(statement).flat()
      return [...targetsOf(statement), ...inside.flatMap((inner) => [...boundNames(inner)])]
    }
  }
}

function targetsOf(statement: Stmt): readonly string[] {
  if (statement.nodeType === 'For' || statement.nodeType === 'AsyncFor')
    return rootNames(statement.target)
  if (statement.nodeType !== 'With' && statement.nodeType !== 'AsyncWith') return []
  return statement.items.flatMap(({ optional_vars: target }) =>
    target === undefined ? [] : rootNames(target),
  )
}

/** What stands inside of a statement that is no definition. */
function blocksOf(statement: Stmt): readonly (readonly Stmt[])[] {
  switch (statement.nodeType) {
    case 'If':
    case 'While':
      return [statement.body, statement.orelse]
    case 'For':
    case 'AsyncFor':
      return [statement.body, statement.orelse]
    case 'With':
    case 'AsyncWith':
      return [statement.body]
    case 'Try':
    case 'TryStar':
      return [
        statement.body,
        ...statement.handlers.map(({ body }) => body),
        statement.orelse,
        statement.finalbody,
      ]
    case 'Match':
      return statement.cases.map(({ body }) => body)
    default:
      return []
  }
}

/** `a` of `a`, `a.b`, `a[0]`; `a` and `b` of `a, b`. */
function rootNames(target: Expr): readonly string[] {
  switch (target.nodeType) {
    case 'Name':
      return [target.id]
    case 'Attribute':
    case 'Subscript':
    case 'Starred':
      return rootNames(target.value)
    case 'Tuple':
    case 'List':
      return target.elts.flatMap(rootNames)
    default:
      return []
  }
}

/** `a` of `a.append(b)`. */
function mutatedNames(expression: Expr): readonly string[] {
  const isMethodCall = expression.nodeType === 'Call' && expression.func.nodeType === 'Attribute'
  return isMethodCall ? rootNames(expression.func) : []
}

const CHANGES = new Set(['pop', 'popitem', 'setdefault', 'append', 'extend', 'insert', 'remove'])

/** `a` of `a.pop(0)`, where a value is also taken of what is changed. */
export function changedBy({ nodeType, ...value }: Expr): readonly string[] {
  if (nodeType !== 'Call' || !('func' in value) || value.func.nodeType !== 'Attribute') return []
  return CHANGES.has(value.func.attr) ? rootNames(value.func.value) : []
}
