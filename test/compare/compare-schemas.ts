import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  functionArguments,
  toolArguments,
} from '../../src/load/formats/python/pydantic/args-schema.ts'
import { modelSchema } from '../../src/load/formats/python/pydantic/model-schema.ts'
import { pythonModule } from '../harness/python-module.ts'
import type { Python } from './python.ts'
import type { Tally } from './tally.ts'

interface RecordedTool {
  readonly name: string
  readonly schema: unknown
}

interface Recorded {
  readonly forms: { readonly schemas: Readonly<Record<string, unknown>> }
  readonly tools: {
    readonly functions: Readonly<Record<string, RecordedTool>>
    readonly classes: Readonly<Record<string, RecordedTool>>
  }
}

/** The schemas that we read from source against those that pydantic and CrewAI give at this moment. */
export async function compareSchemas(python: Python, root: string, tally: Tally): Promise<void> {
  const folder = join(root, 'test/load/python/pydantic')
  const [line = ''] = await python.run(join(folder, 'record.py'), ['--print'])
  const { forms, tools }: Recorded = JSON.parse(line)
  const open = (name: string) =>
    pythonModule(readFileSync(join(folder, `${name}.py`), 'utf8'), name)
  const models = open('forms')
  for (const [name, schema] of Object.entries(forms.schemas))
    tally.compare(`the model ${name}`, modelSchema(models.class(name)).schema, schema)
  const module = open('tools')
  for (const [name, { name: toolName, schema }] of Object.entries(tools.functions)) {
    const ours = functionArguments(module.function(name), module.scope, toolName)
    tally.compare(`the arguments of ${name}`, ours.schema, schema)
  }
  for (const [name, { schema }] of Object.entries(tools.classes))
    tally.compare(`the arguments of ${name}`, toolArguments(module.class(name))?.schema, schema)
}
