import type { ClassDef, FunctionDef, Stmt } from '../../src/load/formats/python/nodes.ts'
import { parsePython } from '../../src/load/formats/python/parse.ts'
import type { ClassMeaning, Meaning, Scope } from '../../src/load/formats/python/pydantic/scope.ts'

/** A module on its own: everything it imports is somebody else's. */
export interface PythonModule {
  readonly scope: Scope
  readonly classes: readonly ClassMeaning[]
  class(name: string): ClassMeaning
  function(name: string): FunctionDef
}

export function pythonModule(source: string, module = 'module'): PythonModule {
  const parsed = parsePython(source, `${module}.py`)
  if ('flaw' in parsed) throw new Error(JSON.stringify(parsed.flaw))
  const { syntax } = parsed
  const names = new Map<string, Meaning>()
  const scope: Scope = { syntax, module, lookup: (name) => names.get(name) ?? null }
  for (const statement of syntax.body)
    for (const [name, meaning] of bindings(statement, scope)) names.set(name, meaning)
  const found = <Type>(value: Type | undefined, name: string): Type => {
    if (value === undefined) throw new Error(`there is no ${name}`)
    return value
  }
  const classes = [...names.values()].filter((meaning) => meaning.kind === 'class')
  const functions = syntax.body.filter((statement): statement is FunctionDef =>
    ['FunctionDef', 'AsyncFunctionDef'].includes(statement.nodeType),
  )
  return {
    scope,
    classes,
    class: (name) =>
      found(
        classes.find(({ node }) => node.name === name),
        name,
      ),
    function: (name) =>
      found(
        functions.find((one) => one.name === name),
        name,
      ),
  }
}

function bindings(statement: Stmt, scope: Scope): readonly (readonly [string, Meaning])[] {
  switch (statement.nodeType) {
    case 'Import':
      return statement.names.map(({ name, asname }) => [
        asname ?? name.split('.')[0] ?? name,
        { kind: 'external', name: asname === undefined ? (name.split('.')[0] ?? name) : name },
      ])
    case 'ImportFrom':
      return statement.names.map(({ name, asname }) => [
        asname ?? name,
        { kind: 'external', name: `${statement.module ?? ''}:${name}` },
      ])
    case 'ClassDef':
      return [[statement.name, classMeaning(statement, scope)]]
    case 'Assign':
      return statement.targets.flatMap((target) =>
        target.nodeType === 'Name'
          ? [[target.id, { kind: 'expression', node: statement.value, scope }] as const]
          : [],
      )
    case 'TypeAlias':
      return statement.name.nodeType === 'Name'
        ? [[statement.name.id, { kind: 'alias', node: statement, scope }]]
        : []
    default:
      return []
  }
}

function classMeaning(node: ClassDef, scope: Scope): ClassMeaning {
  return { kind: 'class', node, scope }
}
