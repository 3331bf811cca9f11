import type { Expr, Node, Stmt } from '../../nodes.ts'
import type { Generation } from '../generation.ts'
import { externalName, unquote } from '../resolve.ts'
import { type ClassMeaning, insideOf, type Scope } from '../scope.ts'
import { callOf } from '../types/field-info.ts'
import { classify } from './class-kind.ts'
import type { ModelConfig } from './config.ts'
import { cleanDocstring, textStatement } from './docstring.ts'
import { lineage } from './lineage.ts'

export interface ClassField {
  readonly name: string
  /** Null: an argument without a type. */
  readonly annotation: Expr | null
  /** What is assigned to it; null: nothing. */
  readonly value: Expr | null
  readonly scope: Scope
  /** The text below it, when that is its description. */
  readonly text: string | null
  /** False: a key that a dict may lack. */
  readonly required?: boolean
}

/** The fields of a class in pydantic's order: those of its bases first, a later one in the place of an earlier. */
export function collectFields(
  owner: ClassMeaning,
  config: Pick<ModelConfig, 'attributeDocstrings'>,
  generation: Generation,
): readonly ClassField[] {
  const all = lineage(owner).flatMap((one) => ownFields(one, config, generation))
  return [...new Map(all.map((field) => [field.name, field])).values()]
}

function ownFields(
  owner: ClassMeaning,
  { attributeDocstrings }: Pick<ModelConfig, 'attributeDocstrings'>,
  generation: Generation,
): readonly ClassField[] {
  const scope = insideOf(owner)
  const isDict = classify(owner).kind === 'typed-dict'
  const total = !owner.node.keywords.some(({ arg, value }) => arg === 'total' && isFalse(value))
  return owner.node.body.flatMap((statement, index) => {
    checkStatement(statement, scope, generation)
    if (statement.nodeType !== 'AnnAssign' || !isField(statement, scope)) return []
    const below = attributeDocstrings ? textStatement(owner.node.body[index + 1]) : null
    return [
      {
        name: statement.target.id,
        annotation: statement.annotation,
        value: statement.value ?? null,
        scope,
        text: below === null ? null : cleanDocstring(below),
        ...(isDict ? { required: isRequired(statement.annotation, scope, total) } : {}),
      },
    ]
  })
}

type FieldStatement = Node<'AnnAssign'> & { readonly target: Node<'Name'> }

function isField(statement: Node<'AnnAssign'>, scope: Scope): statement is FieldStatement {
  const { target, annotation, value } = statement
  if (target.nodeType !== 'Name' || target.id.startsWith('_') || target.id === 'model_config')
    return false
  if (isClassVariable(annotation, scope)) return false
  // Pydantic takes what cannot change for a constant of the class.
  if (value !== undefined && baseName(annotation, scope) === 'typing:Final') return false
  const call = value === undefined ? null : callOf(value, scope)
  return call === null || externalName(call.node.func, call.scope) !== 'pydantic:PrivateAttr'
}

/** `ClassVar`, `ClassVar[…]` and the same in quotes, and what is only given to `__init__`. */
function isClassVariable(annotation: Expr, scope: Scope): boolean {
  if (annotation.nodeType === 'Constant') {
    const inside = unquote(String(annotation.value), annotation, scope)
    return inside?.kind === 'expression' && isClassVariable(inside.node, inside.scope)
  }
  return baseName(annotation, scope) === 'typing:ClassVar'
}

function baseName(annotation: Expr, scope: Scope): string | null {
  return externalName(annotation.nodeType === 'Subscript' ? annotation.value : annotation, scope)
}

/** Statements that may make fields of which nothing can be said. */
function checkStatement(statement: Stmt, scope: Scope, generation: Generation): void {
  const hidden = ['If', 'For', 'While', 'Try', 'With', 'Match'].includes(statement.nodeType)
  if (hidden) generation.hole(statement, scope, 'a model whose fields depend on its code')
  const name = assignedName(statement)
  if (name !== null && SPECIAL.has(name))
    generation.hole(statement, scope, `what ${name} says is not read`)
  if (statement.nodeType !== 'Assign' || name === null || !isPlainValue(statement.value)) return
  if (name.startsWith('_') || name.startsWith('model_')) return
  generation.hole(statement, scope, `pydantic refuses ${name}, which has no type`)
}

/** Python and pydantic make something of these. */
const SPECIAL: ReadonlySet<string> = new Set(['__doc__', '__pydantic_extra__'])

function assignedName(statement: Stmt): string | null {
  const [target] =
    statement.nodeType === 'Assign'
      ? statement.targets
      : [statement.nodeType === 'AnnAssign' ? statement.target : undefined]
  return target?.nodeType === 'Name' ? target.id : null
}

function isPlainValue({ nodeType }: Expr): boolean {
  return ['Constant', 'List', 'Tuple', 'Dict', 'JoinedStr'].includes(nodeType)
}

function isRequired(annotation: Expr, scope: Scope, total: boolean): boolean {
  const name = baseName(annotation, scope)
  if (name === 'typing:NotRequired') return false
  return name === 'typing:Required' || total
}

function isFalse(value: Expr): boolean {
  return value.nodeType === 'Constant' && value.value === false
}
