import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shapeOf } from '../../src/wire/json-bytes.ts'

const NO_LIMITS = { nodes: Number.POSITIVE_INFINITY, depth: Number.POSITIVE_INFINITY }
const measure = (text: string, limits = NO_LIMITS) => shapeOf(Buffer.from(text), limits)

function countedIn(value: unknown): { nodes: number; depth: number } {
  if (typeof value !== 'object' || value === null) return { nodes: 1, depth: 0 }
  const children = Object.values(value).map(countedIn)
  return {
    nodes: children.reduce((sum, { nodes }) => sum + nodes, 1),
    depth: children.reduce((deepest, { depth }) => Math.max(deepest, depth + 1), 1),
  }
}

test('the shape of any JSON text is that of its value, however it is spaced', () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ stringUnit: 'binary' }),
      fc.constantFrom(0, 1, '\t'),
      (value, space) => {
        const text = JSON.stringify(value, null, space)
        expect(measure(text)).toEqual(countedIn(JSON.parse(text)))
      },
    ),
    { numRuns: 1000 },
  )
})

test.each([
  ['{"a\\"[[[[": "]\\\\"}', { nodes: 2, depth: 1 }],
  ['"[1,2,3]"', { nodes: 1, depth: 0 }],
  ['[ \n ]', { nodes: 1, depth: 1 }],
  ['[[], {}, ""]', { nodes: 4, depth: 2 }],
  ['"never closed [[[', { nodes: 1, depth: 0 }],
  ['"\\', { nodes: 1, depth: 0 }],
])('what stands in strings does not count: %s', (text, shape) => {
  expect(measure(text)).toEqual(shape)
})

test('measuring stops at the limit, whatever follows', () => {
  expect(measure('[1,2,3,4,5,6]', { nodes: 3, depth: 9 })).toEqual({ nodes: 4, depth: 1 })
  expect(measure('[[[[[[]]]]]]', { nodes: 99, depth: 2 })).toMatchObject({ depth: 3 })
})
