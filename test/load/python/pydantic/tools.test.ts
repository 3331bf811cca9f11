import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  functionArguments,
  toolArguments,
} from '../../../../src/load/formats/python/pydantic/args-schema.ts'
import { pythonModule } from '../../../harness/python-module.ts'

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8')
const tools = pythonModule(read('tools.py'), 'tools')

interface RecordedTool {
  readonly name: string
  readonly schema: unknown
}
const recorded: {
  readonly functions: Readonly<Record<string, RecordedTool>>
  readonly classes: Readonly<Record<string, RecordedTool>>
} = JSON.parse(read('tools.json'))

test.each(Object.entries(recorded.functions))(
  'the arguments of the function %s are those that CrewAI reads',
  (name, { name: toolName, schema }) => {
    const ours = functionArguments(tools.function(name), tools.scope, toolName)

    expect(ours.holes).toEqual([])
    expect(JSON.stringify(ours.schema)).toBe(JSON.stringify(schema))
  },
)

test.each(Object.entries(recorded.classes))(
  'the arguments of the tool %s are those that CrewAI reads',
  (name, { schema }) => {
    const ours = toolArguments(tools.class(name))

    expect(ours?.holes).toEqual([])
    expect(JSON.stringify(ours?.schema)).toBe(JSON.stringify(schema))
  },
)

test('a class that runs nothing has no arguments', () => {
  expect(toolArguments(tools.class('Mode'))).toBeNull()
})
