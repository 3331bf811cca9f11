import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeValue, encodeValue } from '../../src/workers/values.ts'

const TOOL = { name: 'search' }
const toolKey = (value: object) => (value === TOOL ? 'tools/search.ts' : null)

function throughJson(value: unknown): unknown {
  return decodeValue(JSON.parse(JSON.stringify(encodeValue(value, toolKey))), (key) => ({ key }))
}

test('JSON comes through as it is, whatever its keys are', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const given = JSON.parse(JSON.stringify(value))
      expect(throughJson(given)).toEqual(given)
    }),
  )
  const keys = JSON.parse('{"$": ["tool", "x"], "__proto__": {"a": 1}, "toJSON": 2}')
  expect(throughJson(keys)).toEqual(keys)
})

test('a tool becomes what its key stands for, wherever it is', () => {
  expect(throughJson({ $: [TOOL], list: [TOOL, 'search'] })).toEqual({
    $: [{ key: 'tools/search.ts' }],
    list: [{ key: 'tools/search.ts' }, 'search'],
  })
})

test('what JSON cannot hold keeps its type', () => {
  const circle: unknown[] = []
  circle.push(circle)
  const given = [undefined, () => 1, Symbol('s'), 7n, Number.NaN, -Infinity, new Date(0), circle]

  const got = throughJson(given) as unknown[]

  const types = ['undefined', 'function', 'symbol', 'bigint', 'number', 'number', 'object']
  expect(got.slice(0, 7).map((value) => typeof value)).toEqual(types)
  expect(got.slice(3, 6)).toEqual([7n, Number.NaN, -Infinity])
  expect([got[6], (got[7] as unknown[])[0]].map((value) => Array.isArray(value))).toEqual([
    false,
    false,
  ])
})

test('an object of a class is none without, but has its fields', () => {
  const got = throughJson(Object.assign(new Map(), { role: 'Poet' })) as Record<string, unknown>

  expect(got['role']).toBe('Poet')
  expect(Object.getPrototypeOf(got)).not.toBe(Object.prototype)
})
