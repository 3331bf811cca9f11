import { decoratorNames, foreignBases } from '../interpret/calls/classes.ts'
import { isText } from '../interpret/values/make.ts'
import type { Instance, OwnClass, OwnFunction, Value } from '../interpret/values/value.ts'
import type { World } from '../interpret/world.ts'
import { functionArguments, toolArguments } from '../pydantic/args-schema.ts'
import { docstringOf } from '../pydantic/classes/docstring.ts'
import { modelSchema } from '../pydantic/model-schema.ts'
import { classMeaning, functionScope } from './pydantic-scope.ts'
import type { Known } from './told.ts'

/** What a tool may say of its calls, and where it may do so. */
const RULES =
  'result_as_answer return_direct on_crash timeout_ms max_usage_count __init__ __new__ model_post_init'.split(
    ' ',
  )

/** What the files say about a tool, so that Python starts at its first call only. */
export function describeTool(tool: Instance | OwnFunction, world: World): Known {
  return tool.kind === 'instance' ? ofClass(tool, world) : ofFunction(tool, world)
}

export function describeModel(cls: OwnClass, world: World): Known {
  const { schema, validators } = modelSchema(classMeaning(cls, world))
  const name = cls.path ?? cls.def.name
  return { kind: 'model', name, schema, hasValidators: validators.length > 0 }
}

function ofClass({ cls, keywords }: Instance, world: World): Known {
  const field = (name: string) => {
    const value = keywords.get(name)?.value ?? world.classAttribute(cls, name)
    if (value?.kind !== 'made' || value.callee.path.at(-1) !== 'Field') return value
    return value.keywords.get('default')?.value ?? value.args[0]
  }
  const isTold =
    cls.def.decorator_list.length === 0 && RULES.every((name) => field(name) === undefined)
  return {
    kind: 'tool',
    isPlain: isTold && foreignBases(cls, world).every((base) => /(^|\.)BaseTool$/.test(base)),
    name: textOf(field('name')),
    description: textOf(field('description')),
    parameters: toolArguments(classMeaning(cls, world))?.schema ?? null,
  }
}

/** `@tool`, `@tool("Name")` */
function ofFunction(tool: OwnFunction, world: World): Known {
  const { def, decorators } = tool
  if (def.nodeType === 'Lambda') return { kind: 'nothing' }
  const position = decoratorNames(decorators).findIndex((mark) => /(^|\.)tool$/.test(mark))
  const decorator = decorators[position]
  const name = (decorator?.kind === 'made' ? textOf(decorator.args[0]) : null) ?? def.name
  return {
    kind: 'tool',
    isPlain:
      decorators.length === 1 && (decorator?.kind !== 'made' || decorator.keywords.size === 0),
    name,
    description: docstringOf(def),
    parameters: functionArguments(def, functionScope(tool, world), name).schema,
  }
}

function textOf(value: Value | undefined): string | null {
  return isText(value) ? value.value : null
}
