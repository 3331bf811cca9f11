import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { isJsonObject, parseArguments } from '../../src/tools/parse-arguments.ts'

const parameters = z.object({
  word: z.string(),
  options: z.object({ limit: z.int() }).optional(),
})

test('arguments are read and checked', async () => {
  expect(await parseArguments(parameters, '{"word": "bee", "extra": 1}')).toEqual({
    value: { word: 'bee' },
  })
  expect(await parseArguments(z.object({}), ' ')).toEqual({ value: {} })
})

test.each([
  ['{"word": "be', /one JSON object.*: \{"word": "be$/],
  ['{"word": "bee"}{"word": "bee"}', /one JSON object/],
  ["{'word': 'bee'}", /one JSON object/],
  ['["bee"]', /one JSON object.*another kind of JSON/],
  ['"{}"', /one JSON object/],
  ['null', /one JSON object/],
  ['<html>', /one JSON object.*: <html>$/],
  ['', /word: Invalid input: expected string/],
  ['{"word": 7}', /word: Invalid input: expected string, received number/],
  ['{"word": "bee", "options": {"limit": "x"}}', /options\.limit: Invalid input: expected number/],
])('the arguments %j are refused with what is wrong', async (text, message) => {
  expect(await parseArguments(parameters, text)).toEqual({ error: expect.stringMatching(message) })
})

test('only the start of long malformed arguments is quoted', async () => {
  const parsed = await parseArguments(parameters, `{"word": "${'b'.repeat(1_000_000)}`)
  expect(parsed).toEqual({ error: expect.stringMatching(/b…$/) })
  expect('error' in parsed && parsed.error.length).toBeLessThan(500)
})

test('no arguments that were cut off are ever read', async () => {
  const optional = z.looseObject({})
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), async (args, at) => {
      const text = JSON.stringify(args)
      const cut = text.slice(0, 1 + (at % (text.length - 1)))
      expect(isJsonObject(text)).toBe(true)
      expect(isJsonObject(cut)).toBe(false)
      expect(await parseArguments(optional, cut)).toHaveProperty('error')
    }),
  )
})
