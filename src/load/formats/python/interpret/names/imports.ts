import { type At, atOf, type Node } from '../../nodes.ts'
import type { Flaw } from '../../parse.ts'
import { external, untold } from '../values/make.ts'
import type { Frame, Module, Value } from '../values/value.ts'
import type { World } from '../world.ts'

/** `import a.b as c`, `import a.b` */
export function bindImport({ names }: Node<'Import'>, frame: Frame, world: World): void {
  for (const alias of names) {
    const at = atOf(alias, frame.module.syntax)
    const { name, asname } = alias
    const bound = asname ?? name.split('.')[0] ?? name
    // Without `as` the name stands for the outermost package.
    const meant = asname === undefined ? bound : name
    const module = world.importModule(meant, 0, frame.module)
    bind(bound, module === undefined ? external(meant, [], at) : moduleValue(module, at), frame)
  }
}

/** @param module a file that is no Python cannot be imported by anybody */
export function moduleValue(module: Module | Flaw, at: At): Value {
  return 'message' in module ? untold(module.message, module.at) : { kind: 'module', module, at }
}

/** `from a import b`, `from . import b`, `from a import *` */
export function bindImportFrom(statement: Node<'ImportFrom'>, frame: Frame, world: World): void {
  for (const { name, asname, lineno, col_offset: offset } of statement.names) {
    if (name === '*') continue
    const at = { file: frame.module.syntax.file, line: lineno, column: offset + 1 }
    bind(asname ?? name, importName(statement, name, at, { frame, world }), frame)
  }
}

function importName(
  { module: from = '', level = 0 }: Node<'ImportFrom'>,
  name: string,
  at: At,
  { frame, world }: { readonly frame: Frame; readonly world: World },
): Value {
  const dots = '.'.repeat(level)
  const module = world.importModule(from, level, frame.module)
  if (module !== undefined && 'message' in module) return moduleValue(module, at)
  const found = module === undefined ? undefined : world.find(module, name)
  if (found !== undefined) return found
  const below = world.importModule(from === '' ? name : `${from}.${name}`, level, frame.module)
  if (below !== undefined) return moduleValue(below, at)
  if (module !== undefined) return untold(`${module.syntax.file} has no ${name}`, at)
  if (level === 0) return external(from, [name], at)
  return untold(`there is no module ${dots}${from} beside ${frame.module.syntax.file}`, at)
}

function bind(name: string, value: Value, { locals, wanted }: Frame): void {
  if (wanted === null || wanted.has(name)) locals.set(name, value)
}
