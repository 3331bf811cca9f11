import {
  type At,
  atOf,
  type ClassDef,
  type Expr,
  type Node,
  type Stmt,
  type Syntax,
} from '../nodes.ts'

/** Where a piece of Python stands: its file, and what the names in it stand for. */
export interface Scope {
  readonly syntax: Syntax
  /** As Python imports it, e.g. `stock_analysis.types`. */
  readonly module: string
  /** Null: nothing of that name is bound here; it may still be one of Python's own. */
  readonly lookup: (name: string) => Meaning | null
  /** Of an annotation that stands in quotes: where the quotes are. */
  readonly origin?: At
}

/** What a name stands for. */
export type Meaning =
  | ClassMeaning
  /** `module:name`, or `module` alone, e.g. `typing:Optional`, `datetime`. */
  | { readonly kind: 'external'; readonly name: string }
  /** A module of the project. */
  | { readonly kind: 'module'; readonly scope: Scope }
  /** What is assigned to it, e.g. `Score = Annotated[float, Field(ge=0)]` or `LIMIT = 10`. */
  | { readonly kind: 'expression'; readonly node: Expr; readonly scope: Scope }
  /** `type Score = float` of Python 3.12. */
  | { readonly kind: 'alias'; readonly node: Node<'TypeAlias'>; readonly scope: Scope }
  /** A constant as JSON, of which the expression is not at hand. */
  | { readonly kind: 'value'; readonly value: unknown }
  /** The reason ends a sentence that begins with the name. */
  | { readonly kind: 'unknown'; readonly reason: string }

/** A class of the project. */
export interface ClassMeaning {
  readonly kind: 'class'
  readonly node: ClassDef
  /** Where the class stands, not what stands in it. */
  readonly scope: Scope
  /** Of a class inside a class, e.g. `Report.Section`; absent: its name. */
  readonly qualifiedName?: string
}

export function placeOf(node: Parameters<typeof atOf>[0], scope: Scope): At {
  return scope.origin ?? atOf(node, scope.syntax)
}

const insides = new WeakMap<ClassDef, Scope>()

/** What stands in a class sees the names bound in it before those outside. */
export function insideOf(owner: ClassMeaning): Scope {
  const known = insides.get(owner.node)
  if (known !== undefined) return known
  const { node, scope, qualifiedName = node.name } = owner
  const names = new Map<string, Meaning>([[node.name, owner]])
  const inner = { ...scope, lookup: (name: string) => names.get(name) ?? scope.lookup(name) }
  insides.set(node, inner)
  for (const statement of node.body)
    for (const [name, meaning] of bindings(statement, inner, qualifiedName))
      names.set(name, meaning)
  return inner
}

function bindings(
  statement: Stmt,
  scope: Scope,
  path: string,
): readonly (readonly [string, Meaning])[] {
  switch (statement.nodeType) {
    case 'ClassDef': {
      const qualifiedName = `${path}.${statement.name}`
      return [[statement.name, { kind: 'class', node: statement, scope, qualifiedName }]]
    }
    case 'Assign':
      return namesOf(statement.targets).map((name) => [
        name,
        { kind: 'expression', node: statement.value, scope },
      ])
    case 'AnnAssign':
      if (statement.value === undefined) return []
      // Python assigns the default before it looks at the annotation: `date: date | None = None` is `None | None`.
      return namesOf([statement.target]).map((name) => [
        name,
        { kind: 'unknown', reason: 'stands for the default of the field of that name' },
      ])
    default:
      return []
  }
}

function namesOf(targets: readonly Expr[]): readonly string[] {
  return targets.flatMap((target) => (target.nodeType === 'Name' ? [target.id] : []))
}
