import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { modelSchema } from '../../../../src/load/formats/python/pydantic/model-schema.ts'
import { pythonModule } from '../../../harness/python-module.ts'

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8')
const recorded: { readonly schemas: Readonly<Record<string, unknown>> } = JSON.parse(
  read('forms.json'),
)
const forms = pythonModule(read('forms.py'), 'forms')

test('every class of the forms that pydantic knows has a recorded schema', () => {
  const names = forms.classes.map(({ node }) => node.name).filter((name) => name !== 'PlainMixin')

  expect(names.sort()).toEqual(Object.keys(recorded.schemas).sort())
})

test.each(Object.entries(recorded.schemas))('%s is what pydantic made of it', (name, schema) => {
  const { holes, schema: ours } = modelSchema(forms.class(name))

  expect(holes).toEqual([])
  expect(ours).toEqual(schema)
  // Also in the same order, which is what a model is shown.
  expect(JSON.stringify(ours)).toBe(JSON.stringify(schema))
})
