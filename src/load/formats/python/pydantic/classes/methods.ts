import type { FunctionDef } from '../../nodes.ts'
import type { Generation } from '../generation.ts'
import { externalName } from '../resolve.ts'
import type { ClassMeaning } from '../scope.ts'
import { lineage } from './lineage.ts'

/** Notes the code of a model: what checks values, and what makes the schema another one. */
export function noteMethods(owner: ClassMeaning, generation: Generation): void {
  for (const one of lineage(owner)) noteOwnMethods(one, generation)
}

function noteOwnMethods(owner: ClassMeaning, generation: Generation): void {
  const { node, scope } = owner
  for (const one of node.body) {
    if (one.nodeType !== 'FunctionDef' && one.nodeType !== 'AsyncFunctionDef') continue
    if (MAKES_SCHEMA.has(one.name))
      generation.hole(one, scope, `${node.name}.${one.name} makes the schema`)
    const check = checkOf(one, owner)
    if (check !== null) generation.validator(one, scope, `${node.name}.${one.name} ${check}`)
    if (isPlainValidator(one, owner))
      generation.hole(one, scope, `${node.name}.${one.name} takes any value`)
  }
}

const MAKES_SCHEMA: ReadonlySet<string> = new Set([
  '__get_pydantic_json_schema__',
  '__get_pydantic_core_schema__',
  '__pydantic_init_subclass__',
  '__init_subclass__',
  'model_json_schema',
])

const CHECKS: ReadonlyMap<string, string> = new Map([
  ['pydantic:field_validator', 'checks a field'],
  ['pydantic:validator', 'checks a field'],
  ['pydantic:model_validator', 'checks the whole'],
  ['pydantic:root_validator', 'checks the whole'],
])

function checkOf(one: FunctionDef, { scope }: ClassMeaning): string | null {
  if (one.name === 'model_post_init' || one.name === '__init__' || one.name === '__post_init__')
    return 'runs for each value'
  return (
    one.decorator_list
      .map((decorator) => CHECKS.get(nameOf(decorator, scope)))
      .find((check) => check !== undefined) ?? null
  )
}

/** Such a one stands in the place of the type. */
function isPlainValidator(one: FunctionDef, { scope }: ClassMeaning): boolean {
  return one.decorator_list.some(
    (decorator) =>
      decorator.nodeType === 'Call' &&
      nameOf(decorator, scope) === 'pydantic:field_validator' &&
      decorator.keywords.some(
        ({ arg, value }) =>
          arg === 'json_schema_input_type' ||
          (arg === 'mode' && value.nodeType === 'Constant' && value.value === 'plain'),
      ),
  )
}

function nameOf(decorator: FunctionDef['decorator_list'][number], scope: ClassMeaning['scope']) {
  return externalName(decorator.nodeType === 'Call' ? decorator.func : decorator, scope) ?? ''
}
