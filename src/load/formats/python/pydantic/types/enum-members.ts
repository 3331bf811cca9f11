import type { ClassDef, Expr, Stmt } from '../../nodes.ts'
import { classify } from '../classes/class-kind.ts'
import { lineage } from '../classes/lineage.ts'
import { externalName } from '../resolve.ts'
import { type ClassMeaning, insideOf, type Scope } from '../scope.ts'

interface EnumMember {
  readonly name: string
  readonly value: unknown
}

type Evaluate = (expr: Expr, scope: Scope) => { readonly value: unknown } | null

/** Null: only running it tells a value. */
type Members = ReadonlyMap<string, EnumMember> | null

const known = new WeakMap<ClassDef, Members>()

/** The members of an enum by name, in order; null: only running it tells a value. */
export function enumMembers(owner: ClassMeaning, evaluate: Evaluate): Members {
  const before = known.get(owner.node)
  if (before !== undefined) return before
  // One that is made of itself sees this.
  known.set(owner.node, null)
  const members = readMembers(owner, evaluate)
  known.set(owner.node, members)
  return members
}

/** Whether a class has a base of this name, e.g. `enum:StrEnum`, however far up. */
export function inherits(owner: ClassMeaning, name: string): boolean {
  return lineage(owner).some((one) => classify(one).externals.includes(name))
}

function readMembers(owner: ClassMeaning, evaluate: Evaluate): Members {
  const scope = insideOf(owner)
  const members = new Map<string, EnumMember>()
  let highest = 0
  for (const statement of owner.node.body) {
    const assigned = assignment(statement)
    if (assigned === null) return null
    const { name, expr } = assigned
    if (name === null || name.startsWith('_')) continue
    const member = isAuto(expr, scope)
      ? { value: automatic(name, highest, owner) }
      : evaluate(expr, scope)
    if (member === null) return null
    if (typeof member.value === 'number') highest = Math.max(highest, member.value)
    members.set(name, { name, value: member.value })
  }
  return members
}

/** With them an enum makes other values of those that it names. */
const CHANGES_VALUES: ReadonlySet<string> = new Set([
  '__new__',
  '__init__',
  '_generate_next_value_',
])

const NOTHING = { name: null, expr: { nodeType: 'Constant' } as Expr }

/** What a statement of the class assigns; null: it may do anything. */
function assignment(statement: Stmt): { readonly name: string | null; readonly expr: Expr } | null {
  switch (statement.nodeType) {
    case 'Assign': {
      const [target, ...more] = statement.targets
      const isOne = target?.nodeType === 'Name' && more.length === 0
      return isOne ? { name: target.id, expr: statement.value } : null
    }
    case 'AnnAssign':
      return statement.target.nodeType === 'Name' && statement.value !== undefined
        ? { name: statement.target.id, expr: statement.value }
        : NOTHING
    case 'FunctionDef':
    case 'AsyncFunctionDef':
      return CHANGES_VALUES.has(statement.name) ? null : NOTHING
    case 'Expr':
    case 'Pass':
    case 'Comment':
      return NOTHING
    default:
      return null
  }
}

function isAuto(expr: Expr, scope: Scope): boolean {
  return expr.nodeType === 'Call' && externalName(expr.func, scope) === 'enum:auto'
}

function automatic(name: string, highest: number, owner: ClassMeaning): unknown {
  if (inherits(owner, 'enum:StrEnum')) return name.toLowerCase()
  return inherits(owner, 'builtins:str') ? String(highest + 1) : highest + 1
}
