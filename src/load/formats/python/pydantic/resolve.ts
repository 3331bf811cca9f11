import type { Expr } from '../nodes.ts'
import { parsePython } from '../parse.ts'
import { type ClassMeaning, insideOf, type Meaning, placeOf, type Scope } from './scope.ts'

/** Names assigned to names, one after the other; more are a circle. */
const MAX_HOPS = 50

/** What Python itself binds and what is used in annotations, as bases or as defaults. */
const BUILTINS = new Set(
  `str int float bool bytes complex object list dict set frozenset tuple type
  property classmethod staticmethod len min max round range`.split(/\s+/),
)

/** What a name or a dotted name stands for; names that only rename another are followed. */
export function resolve(expr: Expr, scope: Scope, hops = 0): Meaning {
  if (hops > MAX_HOPS) return { kind: 'unknown', reason: 'is defined by itself' }
  const meaning = meaningOf(expr, scope, hops)
  if (meaning.kind === 'external') return { kind: 'external', name: normalize(meaning.name) }
  if (meaning.kind !== 'expression') return meaning
  const { nodeType } = meaning.node
  return nodeType === 'Name' || nodeType === 'Attribute'
    ? resolve(meaning.node, meaning.scope, hops + 1)
    : meaning
}

/** The name of what is not the project's own, e.g. `pydantic:Field`; null: it is something else. */
export function externalName(expr: Expr, scope: Scope): string | null {
  if (expr.nodeType !== 'Name' && expr.nodeType !== 'Attribute') return null
  const meaning = resolve(expr, scope)
  return meaning.kind === 'external' ? meaning.name : null
}

/** An annotation in quotes; null: the quotes hold no expression. */
export function unquote(text: string, expr: Expr, scope: Scope): Meaning | null {
  const parsed = parsePython(text.trim(), scope.syntax.file)
  if ('flaw' in parsed) return null
  const [statement, ...more] = parsed.syntax.body
  if (statement?.nodeType !== 'Expr' || more.length > 0) return null
  const inside = { ...scope, syntax: parsed.syntax, origin: placeOf(expr, scope) }
  return { kind: 'expression', node: statement.value, scope: inside }
}

function meaningOf(expr: Expr, scope: Scope, hops: number): Meaning {
  if (expr.nodeType === 'Name') {
    const bound = scope.lookup(expr.id)
    if (bound !== null) return bound
    return BUILTINS.has(expr.id)
      ? { kind: 'external', name: `builtins:${expr.id}` }
      : { kind: 'unknown', reason: 'is not defined' }
  }
  if (expr.nodeType !== 'Attribute') return { kind: 'expression', node: expr, scope }
  return attributeOf(resolve(expr.value, scope, hops + 1), expr, scope)
}

function attributeOf(
  owner: Meaning,
  expr: Extract<Expr, { nodeType: 'Attribute' }>,
  scope: Scope,
): Meaning {
  const missing: Meaning = { kind: 'unknown', reason: 'is not defined' }
  switch (owner.kind) {
    case 'external': {
      const { name } = owner
      const path = name.includes(':') ? `${name}.${expr.attr}` : `${name}:${expr.attr}`
      return { kind: 'external', name: path }
    }
    case 'module':
      return owner.scope.lookup(expr.attr) ?? missing
    case 'class':
      // Its members are told by who knows the kind of class, e.g. of an enum.
      return nestedClass(owner, expr.attr) ?? { kind: 'expression', node: expr, scope }
    case 'unknown':
      return owner
    default:
      return { kind: 'expression', node: expr, scope }
  }
}

function nestedClass(owner: ClassMeaning, name: string): Meaning | null {
  const meaning = insideOf(owner).lookup(name)
  const isInside = meaning?.kind === 'class' && owner.node.body.includes(meaning.node)
  return isInside ? meaning : null
}

const ALIASES: readonly (readonly [RegExp, string])[] = [
  [/^typing_extensions:/, 'typing:'],
  [/^collections\.abc:/, 'typing:'],
  [/^collections:abc\./, 'typing:'],
  [/^pydantic\.(?!v1|dataclasses)\w+:/, 'pydantic:'],
  [/^pydantic:(fields|types|networks|main|config|root_model|functional_validators)\./, 'pydantic:'],
  [/^pydantic:dataclasses\./, 'pydantic.dataclasses:'],
  [/^collections:OrderedDict$/, 'typing:OrderedDict'],
  [/^collections:defaultdict$/, 'typing:DefaultDict'],
  [/^collections:(deque|Counter)$/, 'typing:$1'],
  [/^typing:Deque$/, 'typing:deque'],
  [/^typing:(List|Dict|Set|FrozenSet|Tuple|Type)$/, 'builtins:$1'],
  [/^typing:(AbstractSet|MutableSet)$/, 'builtins:set'],
]

/** One name for what Python offers under several. */
function normalize(name: string): string {
  const renamed = ALIASES.reduce((text, [pattern, to]) => text.replace(pattern, to), name)
  return /^builtins:[A-Z]/.test(renamed) ? renamed.toLowerCase() : renamed
}
