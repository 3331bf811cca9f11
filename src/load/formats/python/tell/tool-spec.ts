import { docstringOf } from '../docstring.ts'
import { decoratorNames } from '../interpret/classes.ts'
import { isText } from '../interpret/make.ts'
import type { Instance, OwnClass, OwnFunction, Value } from '../interpret/value.ts'
import type { World } from '../interpret/world.ts'
import type { Known } from './told.ts'

/** The JSON Schema of a class of pydantic's; null: only Python can tell it. */
export type SchemaOf = (cls: OwnClass) => Readonly<Record<string, unknown>> | null

interface Describing {
  readonly world: World
  readonly schemaOf: SchemaOf
}

/** What the files say about a tool, so that Python starts at its first call only. */
export function describeTool(tool: Instance | OwnFunction, describing: Describing): Known {
  return tool.kind === 'instance' ? ofClass(tool, describing) : ofFunction(tool)
}

function ofClass({ cls, keywords }: Instance, { world, schemaOf }: Describing): Known {
  const field = (name: string) => {
    const value = keywords.get(name)?.value ?? world.classAttribute(cls, name)
    if (value?.kind !== 'made' || value.callee.path.at(-1) !== 'Field') return value
    return value.keywords.get('default')?.value ?? value.args[0]
  }
  const schema = field('args_schema')
  return {
    kind: 'tool',
    name: textOf(field('name')),
    description: textOf(field('description')),
    parameters: schema?.kind === 'class' ? schemaOf(schema) : null,
  }
}

/** `@tool`, `@tool("Name")` */
function ofFunction({ def, decorators }: OwnFunction): Known {
  const names = decoratorNames(decorators)
  const mark = decorators[names.findIndex((name) => /(^|\.)tool$/.test(name))]
  const given = mark?.kind === 'made' || mark?.kind === 'hole' ? argumentOf(mark) : null
  const isLambda = def.nodeType === 'Lambda'
  return {
    kind: 'tool',
    name: given ?? (isLambda ? null : def.name),
    description: isLambda ? null : docstringOf(def.body),
    parameters: null,
  }
}

function argumentOf(mark: Value): string | null {
  return mark.kind === 'made' ? textOf(mark.args[0]) : null
}

function textOf(value: Value | undefined): string | null {
  return isText(value) ? value.value : null
}
