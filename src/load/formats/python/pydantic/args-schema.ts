import type { Expr, FunctionDef } from '../nodes.ts'
import type { ClassField } from './classes/fields.ts'
import { lineage } from './classes/lineage.ts'
import { propertiesOf } from './classes/properties.ts'
import type { Generation } from './generation.ts'
import { generate, modelSchema, type PydanticSchema } from './model-schema.ts'
import { resolve } from './resolve.ts'
import { type ClassMeaning, insideOf, type Scope } from './scope.ts'

/**
 * What CrewAI's `@tool` makes of a function's arguments.
 *
 * @param toolName of `@tool("name")`, or the function's
 */
export function functionArguments(
  node: FunctionDef,
  scope: Scope,
  toolName: string,
): PydanticSchema {
  return generate(node, scope, (generation) => {
    const fields = fieldsOf({ node, scope }, generation, false)
    return define({ key: node, scope, title: pascalCase(toolName) }, fields, generation)
  })
}

/**
 * What CrewAI makes of a subclass of BaseTool: its `args_schema`, else the arguments of `_run`, else those of `_arun`.
 * Null: it has none of them.
 */
export function toolArguments(owner: ClassMeaning): PydanticSchema | null {
  const declared = declaredSchema(owner)
  if (declared !== null) return argumentsModel(declared, owner)
  const run = methodOf(owner, '_run')
  if (run === null) return null
  const { node, scope } = owner
  return generate(node, scope, (generation) => {
    const fields = fieldsOf(run, generation, true)
    const other = fields.length === 0 ? methodOf(owner, '_arun') : null
    const chosen = other === null ? fields : fieldsOf(other, generation, true)
    return define({ key: node, scope, title: `${node.name}Schema` }, chosen, generation)
  })
}

interface Method {
  readonly node: FunctionDef
  readonly scope: Scope
}

/** As Python does it: `"".join(name.split()).title()`. */
function pascalCase(name: string): string {
  return name
    .replaceAll(/\s+/g, '')
    .replaceAll(/\p{L}+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
}

function define(
  { key, scope, title }: { readonly key: object; readonly scope: Scope; readonly title: string },
  fields: readonly ClassField[],
  generation: Generation,
): object {
  generation.definitions.refer(key, { module: scope.module, qualifiedName: title }, () => ({
    title,
    ...propertiesOf(fields, { aliasGenerator: null }, generation),
  }))
  return key
}

/** @param isMethod of a class: without `self` */
function fieldsOf(
  { node, scope }: Method,
  generation: Generation,
  isMethod: boolean,
): readonly ClassField[] {
  const { args, posonlyargs, kwonlyargs, defaults, kw_defaults: keywordDefaults } = node.args
  const positional = [...posonlyargs, ...args]
  const withDefaults = [
    ...positional.map((arg, index) => {
      const value = defaults[index - positional.length + defaults.length]
      return { arg, value: value ?? null }
    }),
    ...kwonlyargs.map((arg, index) => ({ arg, value: keywordDefaults[index] ?? null })),
  ]
  const described = withDefaults.filter(({ arg }) => !(isMethod && arg.arg === 'self'))
  return described.map(({ arg, value }) => {
    const annotation = arg.annotation ?? null
    if (arg.arg.startsWith('_'))
      generation.hole(node, scope, `pydantic refuses the argument ${arg.arg}`)
    return { name: arg.arg, annotation, value, scope, text: null }
  })
}

/** The nearest that a class or what it inherits from assigns to `args_schema`. */
function declaredSchema(owner: ClassMeaning): Assigned | null {
  return nearest(owner, (one) => {
    const assigned = one.node.body.flatMap((statement) => {
      const isOne =
        (statement.nodeType === 'Assign' && isNamed(statement.targets[0])) ||
        (statement.nodeType === 'AnnAssign' && isNamed(statement.target))
      return isOne && statement.value !== undefined ? [statement.value] : []
    })
    const node = assigned.at(-1)
    return node === undefined ? null : { node, scope: insideOf(one) }
  })
}

interface Assigned {
  readonly node: Expr
  readonly scope: Scope
}

function isNamed(target: Expr | undefined): boolean {
  return target?.nodeType === 'Name' && target.id === 'args_schema'
}

function argumentsModel({ node, scope }: Assigned, owner: ClassMeaning): PydanticSchema {
  const meaning = resolve(node, scope)
  if (meaning.kind === 'class') return modelSchema(meaning)
  return generate(owner.node, owner.scope, (generation) => {
    generation.hole(node, scope, 'the args_schema is no class of the project')
    return {}
  })
}

function methodOf(owner: ClassMeaning, name: string): Method | null {
  return nearest(owner, (one) => {
    const node = one.node.body.findLast(
      (statement): statement is FunctionDef =>
        (statement.nodeType === 'FunctionDef' || statement.nodeType === 'AsyncFunctionDef') &&
        statement.name === name,
    )
    return node === undefined ? null : { node, scope: insideOf(one) }
  })
}

/** Of a class or, failing that, of what it inherits from. */
function nearest<Found>(
  owner: ClassMeaning,
  find: (one: ClassMeaning) => Found | null,
): Found | null {
  return lineage(owner).reduceRight<Found | null>((found, one) => found ?? find(one), null)
}
