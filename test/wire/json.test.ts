import fc from 'fast-check'
import { expect, test } from 'vitest'
import { refusalOf } from '../../src/crew/inputs/json.ts'
import { parseObject } from '../../src/wire/json.ts'

const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth))

test.each([
  ['64 levels', nested(64), null],
  ['65 levels', nested(65), /deeper than 64/],
  ['500 000 levels', nested(500_000), /deeper than 64/],
  ['25 000 values', Array(24_999).fill(0), null],
  ['more than 25 000 values', Array(25_000).fill(0), /more than 25000/],
  ['a NUL in a string', { a: ['x\0'] }, /NUL/],
  ['a NUL in a key', { 'a\0': 1 }, /NUL/],
  ['a lone surrogate in a string', ['\ud800'], /surrogate/],
  ['a lone surrogate in a key', { '\udc00': 1 }, /surrogate/],
  ['a surrogate pair', { '😀': '😀' }, null],
  ['a number out of range', JSON.parse('[1e999]'), /out of range/],
  ['an own __proto__', JSON.parse('{"__proto__":{"a":1}}'), /prototype/],
  ['an escaped __proto__', JSON.parse('{"\\u005f_proto__":1}'), /prototype/],
  ['constructor.prototype', JSON.parse('{"constructor":{"prototype":{}}}'), /prototype/],
  ['a harmless constructor', { constructor: 'Smith & Sons' }, null],
  ['nothing', undefined, null],
])('refusalOf judges %s', (_, value, refusal) => {
  if (refusal === null) expect(refusalOf(value)).toBeNull()
  else expect(refusalOf(value)).toMatch(refusal)
})

test('refusalOf lets every JSON value of ordinary size pass that the database can store', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
      const text = JSON.stringify(value)
      fc.pre(!text.includes('\\u0000') && !text.includes('"__proto__"'))
      expect(refusalOf(JSON.parse(text))).toBeNull()
    }),
  )
})

test.each([
  ['{"a": 1}', { a: 1 }],
  [' \n{"a": 1} ', { a: 1 }],
  ['[1]', null],
  ['"text"', null],
  ['12', null],
  ['{"a": 1', null],
  ['{prose in braces}', null],
  [`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, null],
])('parseObject reads %.20s', (text, value) => {
  expect(parseObject(text)).toEqual(value)
})
