import { expect, test } from 'vitest'
import type { Crew } from '../../src/crew/crew.ts'
import { completed, type Definition, hashOf, toDefinition } from '../../src/crew/definition.ts'
import { makeAgent, makeCrew, makeTask } from '../harness/samples.ts'

const definition = toDefinition(
  makeCrew({ managerAgent: makeAgent({ key: 'boss' }), inputs: { a: 1, b: { c: 2, d: 3 } } }),
)

/** The same with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, one]) => [key, reversed(one)]),
  )
}

test('the order of fields makes no other version', () => {
  expect(hashOf(reversed(definition) as Definition)).toBe(hashOf(definition))
})

test('a field that a later release brings makes no other version where it has its default', () => {
  const { label: _, inputAliases: __, ...crew } = definition
  const old = {
    ...crew,
    agents: crew.agents.map(({ maxIter: ___, ...agent }) => agent),
    tasks: crew.tasks.map(({ outputFile: ___, ...task }) => task),
  } as unknown as Definition

  expect(hashOf(old)).toBe(hashOf(definition))
  expect(completed(old)).toEqual(definition)
})

const plain = makeCrew({ tasks: [makeTask({ name: 'a' }), makeTask({ name: 'b' })] })

test.each<[string, Partial<Crew>]>([
  ['a description', { tasks: [makeTask({ name: 'a' }), makeTask({ name: 'b', description: '' })] }],
  ['no context at all', { tasks: [makeTask({ name: 'a' }), makeTask({ name: 'b', context: [] })] }],
  ['another order of tasks', { tasks: plain.tasks.toReversed() }],
  ['a label', { label: '2' }],
  ['an alias', { inputAliases: { topic: ['subject'] } }],
  ['a default of null', { inputs: { topic: null } }],
])('%s makes another version', (_, change) => {
  expect(hashOf(toDefinition({ ...plain, ...change }))).not.toBe(hashOf(toDefinition(plain)))
})
