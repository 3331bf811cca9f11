import { expect, test } from 'vitest'
import type { Crew } from '../../src/crew/crew.ts'
import { completed, type Definition, hashOf, toDefinition } from '../../src/crew/definition.ts'
import { newChoice } from '../../src/llm/model-choice.ts'
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

test('a model of which only the name is told is told as one', () => {
  const named = newChoice({ name: 'openai/gpt-4o' })
  const manager = newChoice({ name: 'groq/llama' })
  const press = toDefinition(makeCrew({ agents: [makeAgent({ llm: named })], managerLlm: manager }))

  expect(hashOf(press)).toBe('851f983ea97b7232bdd235e4a08a7db4')
})

test('models that were stored as a name and parameters are those still', () => {
  const parameters = { temperature: 0 }
  const llm = newChoice({ name: 'openai/gpt-4o', parameters })
  const boss = makeAgent({ key: 'boss' })
  const press = toDefinition(makeCrew({ agents: [makeAgent({ llm })], managerAgent: boss }))
  const [agent] = press.agents
  const old = {
    ...press,
    managerLlm: null,
    managerAgent: { ...boss, llm: null, llmParameters: {} },
    agents: [{ ...agent, llm: 'openai/gpt-4o', llmParameters: parameters }],
  } as unknown as Definition

  expect(completed(old)).toEqual(press)
})

const plain = makeCrew({ tasks: [makeTask({ name: 'a' }), makeTask({ name: 'b' })] })

test.each<[string, Partial<Crew>]>([
  ['a description', { tasks: [makeTask({ name: 'a' }), makeTask({ name: 'b', description: '' })] }],
  ['no context at all', { tasks: [makeTask({ name: 'a' }), makeTask({ name: 'b', context: [] })] }],
  ['another order of tasks', { tasks: plain.tasks.toReversed() }],
  ['a label', { label: '2' }],
  ['a model', { agents: [makeAgent({ llm: newChoice({ name: 'x' }) })] }],
  ['a parameter', { agents: [makeAgent({ llm: newChoice({ parameters: { seed: 1 } }) })] }],
  ['a URL', { managerLlm: newChoice({ connection: { baseUrl: 'http://box/v1' } }) }],
  ['an alias', { inputAliases: { topic: ['subject'] } }],
  ['a default of null', { inputs: { topic: null } }],
])('%s makes another version', (_, change) => {
  expect(hashOf(toDefinition({ ...plain, ...change }))).not.toBe(hashOf(toDefinition(plain)))
})
