import { expect, test } from 'vitest'
import { convertText } from '../../../src/crew/inputs/convert-text.ts'
import type { InputType } from '../../../src/crew/inputs/declaration.ts'

test.each<[InputType, string, unknown]>([
  ['integer', '42', 42],
  ['integer', '-7', -7],
  ['integer', '42.0', 42],
  ['number', '0.5', 0.5],
  ['number', '1e3', 1000],
  ['boolean', 'true', true],
  ['boolean', 'False', false],
  ['array', '["a", 1]', ['a', 1]],
  ['object', ' {"a": {"b": null}}', { a: { b: null } }],
])('as %s the text %j is a value', (type, text, value) => {
  expect(convertText(text, type)).toEqual(value)
})

test.each<[InputType, string]>([
  ['string', '42'],
  ['integer', ''],
  ['integer', ' 42'],
  ['integer', '042'],
  ['integer', '+1'],
  ['integer', '0x10'],
  ['integer', '12345678901234567890'],
  ['number', 'NaN'],
  ['number', 'Infinity'],
  ['number', '1,5'],
  ['number', '9'.repeat(400)],
  ['boolean', 'yes'],
  ['boolean', '1'],
  ['array', 'a, b'],
  ['array', '{"a": 1}'],
  ['array', '["a"'],
  ['object', '[1]'],
  ['object', 'null'],
  ['object', '{"__proto__": {"a": 1}}'],
  ['array', '['.repeat(500_000) + ']'.repeat(500_000)],
  ['array', `[${'0,'.repeat(30_000)}0]`],
  ['array', '["\\u0000"]'],
])('as %s the text %j stays a text', (type, text) => {
  expect(convertText(text, type)).toBe(text)
})
