import { expect, test } from 'vitest'
import { breaksOf, type ContractInput, contractOf } from '../../src/crew/contract.ts'
import { makeCrew } from '../harness/samples.ts'

const needs = (...names: string[]): ContractInput => ({
  names,
  isRequired: true,
  schema: null,
})
const takes = (...names: string[]): ContractInput => ({
  names,
  isRequired: false,
  schema: null,
})

test('the contract of a crew has its inputs with all their names', () => {
  const crew = makeCrew({
    inputs: { audience: 'children' },
    inputAliases: { topic: ['subject'] },
  })

  expect(contractOf(crew)).toEqual({ inputs: [needs('topic', 'subject'), takes('audience')] })
})

test.each<[string, ContractInput[], ContractInput[]]>([
  ['nothing changes', [needs('topic')], [needs('topic')]],
  ['an input gets a default', [needs('topic')], [takes('topic')]],
  ['an input with a default is added', [], [takes('tone')]],
  ['an input is renamed and keeps its old name', [needs('topic')], [needs('subject', 'topic')]],
  ['a name is added', [needs('topic')], [needs('topic', 'subject')]],
  ['another name becomes the own one', [needs('a', 'b')], [needs('b', 'a')]],
])('nobody is surprised when %s', (_, before, after) => {
  expect(breaksOf({ inputs: before }, { inputs: after })).toEqual([])
})

test.each<[string, ContractInput[], ContractInput[], string[]]>([
  ['an input is removed', [needs('topic')], [], ['the input topic is gone']],
  ['an optional input is removed', [takes('tone')], [], ['the input tone is gone']],
  ['an input is added', [], [needs('tone')], ['the input tone must be given now']],
  ['a default is removed', [takes('tone')], [needs('tone')], ['the input tone must be given now']],
  [
    'an input is renamed',
    [needs('topic')],
    [needs('subject')],
    ['the input topic is gone', 'the input subject must be given now'],
  ],
  [
    'another name is dropped',
    [needs('topic', 'subject')],
    [needs('topic')],
    ['subject is no longer a name of the input topic'],
  ],
  [
    'another name becomes an input of its own',
    [needs('topic', 'subject')],
    [needs('topic'), needs('subject')],
    ['subject is no longer a name of the input topic'],
  ],
  [
    'an optional input gives its name to one that must be given',
    [takes('tone')],
    [needs('voice', 'tone')],
    ['the input voice must be given now'],
  ],
])('it is said when %s', (_, before, after, breaks) => {
  expect(breaksOf({ inputs: before }, { inputs: after })).toEqual(breaks)
})

test('it is said when an input takes less than before', () => {
  const before = { ...takes('tone'), schema: { type: 'string', enum: ['calm', 'loud'] } as const }
  const after = {
    ...takes('voice', 'tone'),
    schema: { type: 'string', enum: ['calm', 'shrill'] } as const,
  }

  expect(breaksOf({ inputs: [before] }, { inputs: [after] })).toEqual([
    'the input voice no longer takes "loud"',
  ])
  expect(breaksOf({ inputs: [takes('tone')] }, { inputs: [before] })).toEqual([
    'the input tone must be one of "calm", "loud" now',
  ])
  expect(breaksOf({ inputs: [before] }, { inputs: [takes('tone')] })).toEqual([])
})
