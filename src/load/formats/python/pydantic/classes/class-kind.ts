import { type ClassDef, type Expr, textOf } from '../../nodes.ts'
import { externalName, resolve } from '../resolve.ts'
import type { ClassMeaning, Meaning, Scope } from '../scope.ts'

type ClassKind =
  | 'model'
  | 'root-model'
  | 'enum'
  | 'dataclass'
  | 'pydantic-dataclass'
  | 'typed-dict'
  | 'plain'
  /** What it inherits from cannot be read. */
  | 'unknown'

export interface Classified {
  readonly kind: ClassKind
  /** Its bases in the project, first to last. */
  readonly bases: readonly ClassMeaning[]
  /** Its other bases, e.g. `pydantic:BaseModel`, `enum:Enum`. */
  readonly externals: readonly string[]
  /** The first base that cannot be read, and why; null: all can. */
  readonly strange: { readonly node: Expr; readonly reason: string } | null
  /** Of `RootModel[list[str]]`: the `list[str]`; null: it is the field `root`. */
  readonly root: { readonly node: Expr; readonly scope: Scope } | null
}

/** Bases that change nothing about a schema. */
const INERT: ReadonlySet<string> = new Set(['builtins:object', 'abc:ABC', 'typing:Protocol'])

const KINDS: ReadonlyMap<string, ClassKind> = new Map([
  ['pydantic:BaseModel', 'model'],
  ['pydantic:RootModel', 'root-model'],
  ['enum:Enum', 'enum'],
  ['enum:IntEnum', 'enum'],
  ['enum:StrEnum', 'enum'],
  ['typing:TypedDict', 'typed-dict'],
])

/** Mixed into an enum, they tell the type of its values. */
const VALUE_TYPES: ReadonlySet<string> = new Set(['builtins:str', 'builtins:int', 'builtins:float'])

const known = new WeakMap<ClassDef, Classified>()
/** Classes under way: none of them can be the base of another. */
const open = new WeakSet<ClassDef>()

/** What a class is, by what it inherits from and is decorated with. */
export function classify(owner: ClassMeaning): Classified {
  const before = known.get(owner.node)
  if (before !== undefined) return before
  open.add(owner.node)
  const result = inspect(owner)
  open.delete(owner.node)
  known.set(owner.node, result)
  return result
}

function inspect(owner: ClassMeaning): Classified {
  const meanings = owner.node.bases.map((node) => ({ node, ...baseOf(node, owner) }))
  const bases = meanings.flatMap(({ meaning }) => (meaning.kind === 'class' ? [meaning] : []))
  const externals = meanings.flatMap(({ meaning }) =>
    meaning.kind === 'external' ? [meaning.name] : [],
  )
  const unread = meanings.find(({ meaning: { kind } }) => kind !== 'class' && kind !== 'external')
  const root = meanings.map((one) => one.root).find((one) => one !== null)
  const parts = {
    bases,
    externals,
    root: root ?? inheritedRoot(bases),
    strange:
      unread === undefined
        ? strangeBase(owner, externals)
        : {
            node: unread.node,
            reason: `inherits from ${textOf(unread.node, owner.scope.syntax)}, which cannot be read`,
          },
  }
  return { ...parts, kind: kindOf(owner, parts) }
}

/** A base, and what stands in the brackets of `RootModel[…]`. */
function baseOf(
  base: Expr,
  { scope }: ClassMeaning,
): { readonly meaning: Meaning; readonly root: Classified['root'] } {
  const plain = base.nodeType === 'Subscript' ? base.value : base
  const name = externalName(plain, scope)
  if (base.nodeType === 'Subscript' && name === 'pydantic:RootModel')
    return { meaning: { kind: 'external', name }, root: { node: base.slice, scope } }
  const meaning = resolve(base, scope)
  if (meaning.kind !== 'class') return { meaning, root: null }
  if (open.has(meaning.node))
    return { meaning: { kind: 'unknown', reason: 'inherits from itself' }, root: null }
  classify(meaning)
  return { meaning, root: null }
}

function inheritedRoot(bases: readonly ClassMeaning[]): Classified['root'] {
  return bases.map((base) => classify(base).root).find((one) => one !== null) ?? null
}

function kindOf(owner: ClassMeaning, parts: Omit<Classified, 'kind'>): ClassKind {
  const decorators = owner.node.decorator_list.map((one) =>
    externalName(one.nodeType === 'Call' ? one.func : one, owner.scope),
  )
  if (decorators.includes('pydantic.dataclasses:dataclass')) return 'pydantic-dataclass'
  if (decorators.includes('dataclasses:dataclass')) return 'dataclass'
  const kinds = [
    ...parts.bases.map((base) => classify(base).kind),
    ...parts.externals.map((name) => KINDS.get(name) ?? 'plain'),
  ]
  const named = kinds.find((kind) => kind !== 'plain')
  return named ?? (parts.strange === null ? 'plain' : 'unknown')
}

function strangeBase(owner: ClassMeaning, externals: readonly string[]): Classified['strange'] {
  const name = externals.find((one) => !INERT.has(one) && !KINDS.has(one) && !VALUE_TYPES.has(one))
  const [node = owner.node.bases[0]] = owner.node.bases
  if (name === undefined || node === undefined) return null
  return { node, reason: `inherits from ${name.replace(':', '.')}, whose fields are not read` }
}
