import { expect, test } from 'vitest'
import type { Crew } from '../../../src/crew/crew.ts'
import type { InputDeclarations } from '../../../src/crew/inputs/declaration.ts'
import { settleInputs } from '../../../src/crew/inputs/settle-inputs.ts'
import { makeCrew, makeTask } from '../../harness/samples.ts'

const declared = (inputDeclarations: InputDeclarations, changes: Partial<Crew> = {}) =>
  makeCrew({
    tasks: [makeTask({ description: '{topic} {year} {note}' })],
    inputDeclarations,
    ...changes,
  })

const year = { schema: { type: 'integer', minimum: 1900 }, sensitive: false } as const
const note = { schema: { type: 'string' }, sensitive: false } as const

test('texts become what is declared, and what is not declared is left alone', () => {
  const crew = declared({ year }, { inputs: { note: 'none' } })

  expect(settleInputs(crew, { topic: '42', year: '1999', other: ['x'] })).toEqual({
    topic: '42',
    year: 1999,
    note: 'none',
    other: ['x'],
  })
})

test('an input is checked under whichever name it is given', () => {
  const crew = declared({ year }, { inputs: { note: '' }, inputAliases: { year: ['since'] } })

  expect(settleInputs(crew, { topic: 't', since: '2001' })).toMatchObject({ year: 2001 })
  expect(() => settleInputs(crew, { topic: 't', since: 1066 })).toThrow(
    'inputs.year: must be a whole number from 1900 up, but is 1066',
  )
})

test('everything that is wrong is told at once', () => {
  const attempt = () => settleInputs(declared({ year, note }), { year: 'soon', note: 5 })

  expect(attempt).toThrow(
    expect.objectContaining({
      code: 'missing_inputs',
      params: {
        missing: ['topic'],
        fields: [
          { field: 'inputs.year', message: 'must be a whole number from 1900 up, but is "soon"' },
          { field: 'inputs.note', message: 'must be a text, but is 5' },
        ],
      },
    }),
  )
})

test('null is as good as nothing where nothing need be given, and wrong elsewhere', () => {
  const crew = declared({ year, note }, { inputs: { year: 2000, note: null } })

  expect(settleInputs(crew, { topic: null, year: null, note: null })).toEqual({
    topic: null,
    year: 2000,
    note: null,
  })
  expect(() => settleInputs(declared({ year }), { topic: '', note: '', year: null })).toThrow(
    'but is null',
  )
})

test('an input that is declared must be given, also when it is in no text', () => {
  const crew = declared({ budget: year }, { inputs: { year: 1, note: '' } })

  expect(() => settleInputs(crew, { topic: 't' })).toThrow(
    expect.objectContaining({ code: 'missing_inputs', params: { missing: ['budget'] } }),
  )
})
