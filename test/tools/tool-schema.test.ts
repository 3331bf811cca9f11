import { expect, test } from 'vitest'
import { z } from 'zod'
import { toolSchema } from '../../src/tools/tool-schema.ts'

test('a schema is the JSON Schema of what a model has to give, made once', () => {
  const parameters = z.object({
    word: z.string().describe('What to look up'),
    limit: z.int().min(1).default(5),
  })

  const schema = toolSchema(parameters)

  expect(schema).toMatchObject({
    type: 'object',
    properties: {
      word: { type: 'string', description: 'What to look up' },
      limit: { type: 'integer', minimum: 1, default: 5 },
    },
    required: ['word'],
  })
  expect(schema).not.toHaveProperty('$schema')
  expect(toolSchema(parameters)).toBe(schema)
})

test('a parameter that JSON cannot hold is refused', () => {
  expect(() => toolSchema(z.object({ day: z.date() }))).toThrow('Date cannot be represented')
})
