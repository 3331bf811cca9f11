import { expect, test } from 'vitest'
import { inputSchema } from '../../../src/crew/inputs/input-schema.ts'
import { makeCrew } from '../../harness/samples.ts'

test('the schema has what is declared of each input, in the order of a reader', () => {
  const crew = makeCrew({
    inputs: { audience: 'children', tone: null },
    inputAliases: { topic: ['subject'] },
    inputDeclarations: {
      tone: { schema: { type: 'string', enum: ['calm', 'loud'] }, sensitive: false },
      topic: {
        schema: { type: 'string', description: 'What it is about.', maxLength: 80 },
        sensitive: false,
      },
      audience: { schema: { type: 'string', title: 'Readers' }, sensitive: false },
      key: { schema: { type: 'string' }, sensitive: true },
    },
  })

  expect(inputSchema(crew)).toMatchObject({
    properties: {
      topic: {
        type: 'string',
        title: 'Topic',
        description: 'What it is about. May also be given as subject.',
        maxLength: 80,
        'x-aliases': ['subject'],
      },
      audience: { type: 'string', title: 'Readers', default: 'children' },
      tone: { type: 'string', title: 'Tone', enum: ['calm', 'loud'] },
      key: { type: 'string', title: 'Key', writeOnly: true, 'x-sensitive': true },
    },
    required: ['topic', 'key'],
  })
  expect(Object.keys(inputSchema(crew)['properties'] ?? {})).toEqual([
    'topic',
    'audience',
    'tone',
    'key',
  ])
  expect(JSON.stringify(inputSchema(crew))).not.toContain('null')
})
