import type { Module, OwnClass, OwnFunction, Value } from '../interpret/values/value.ts'
import type { World } from '../interpret/world.ts'
import type { Expr, Node, Stmt } from '../nodes.ts'
import type { ClassMeaning, Meaning, Scope } from '../pydantic/scope.ts'

/** A class as the reader of pydantic's models sees it. */
export function classMeaning(cls: OwnClass, world: World): ClassMeaning {
  return {
    kind: 'class',
    node: cls.def,
    scope: scopeOf(cls.frame.module, world),
    qualifiedName: cls.path ?? cls.def.name,
  }
}

export function functionScope({ frame }: OwnFunction, world: World): Scope {
  return scopeOf(frame.module, world)
}

function scopeOf(module: Module, world: World): Scope {
  const scope: Scope = {
    syntax: module.syntax,
    module: module.name,
    lookup: (name) => lookUp(name, module, scope, world),
  }
  return scope
}

function lookUp(name: string, module: Module, scope: Scope, world: World): Meaning | null {
  const statements = module.bindings.get(name) ?? []
  const classes = statements.filter(({ nodeType }) => nodeType === 'ClassDef')
  // What stands above the second one means the first.
  if (classes.length > 1) return { kind: 'unknown', reason: 'is a class that is defined twice' }
  const last = statements.at(-1)
  if (last?.nodeType === 'ImportFrom') return imported(last, name, module, world)
  const assigned = last === undefined ? null : assignedTo(last, name)
  if (assigned !== null) return { kind: 'expression', node: assigned, scope }
  if (last?.nodeType === 'TypeAlias') return { kind: 'alias', node: last, scope }
  const value = world.find(module, name)
  return value === undefined ? null : meaningOf(name, value, world)
}

function assignedTo(statement: Stmt, name: string): Expr | null {
  if (statement.nodeType === 'AnnAssign') return statement.value ?? null
  if (statement.nodeType !== 'Assign') return null
  const isPlain = statement.targets.some(
    (target) => target.nodeType === 'Name' && target.id === name,
  )
  return isPlain ? statement.value : null
}

/** The name where it is defined, because what is assigned to it there may be an annotation. */
function imported(
  statement: Node<'ImportFrom'>,
  name: string,
  module: Module,
  world: World,
): Meaning {
  const { module: from = '', level = 0 } = statement
  const alias = statement.names.find((one) => (one.asname ?? one.name) === name)
  const original = alias?.name ?? name
  const target = world.importModule(from, level, module)
  if (target === undefined && level === 0) return { kind: 'external', name: `${from}:${original}` }
  if (target !== undefined && 'message' in target)
    return { kind: 'unknown', reason: target.message }
  const there = target === undefined ? null : scopeOf(target, world).lookup(original)
  if (there !== null) return there
  const value = world.find(module, name)
  return value === undefined
    ? { kind: 'unknown', reason: 'is not defined' }
    : meaningOf(name, value, world)
}

function meaningOf(name: string, value: Value, world: World): Meaning {
  switch (value.kind) {
    case 'class':
      return classMeaning(value, world)
    case 'external': {
      const path = value.path.join('.')
      return { kind: 'external', name: path === '' ? value.module : `${value.module}:${path}` }
    }
    case 'module':
      return { kind: 'module', scope: scopeOf(value.module, world) }
    case 'scalar':
      return { kind: 'value', value: value.value }
    case 'untold':
      return { kind: 'unknown', reason: value.why }
    default:
      return { kind: 'unknown', reason: `${name} is known to Python alone` }
  }
}
