import type { Definition } from './definition.ts'
import type { ValueSchema } from './inputs/declaration.ts'
import { narrowingsOf } from './inputs/narrowings.ts'
import { declarationOf, hasDefault, inputNames, namesOf } from './inputs.ts'

/** What callers of a crew rely on. */
export interface Contract {
  /** In the order of a reader. */
  readonly inputs: readonly ContractInput[]
}

export interface ContractInput {
  /** Every name a kickoff may give it under; its own is the first. */
  readonly names: readonly string[]
  readonly isRequired: boolean
  /** What its values must be; null: they may be anything. */
  readonly schema: ValueSchema | null
}

export function contractOf(crew: Definition): Contract {
  return {
    inputs: inputNames(crew).map((name) => ({
      names: namesOf(crew, name),
      isRequired: !hasDefault(crew, name),
      schema: declarationOf(crew, name)?.schema ?? null,
    })),
  }
}

/** What callers of `before` cannot rely on after it any more, a sentence each without its full stop. Empty: nothing. */
export function breaksOf(before: Contract, after: Contract): readonly string[] {
  return [
    ...lostNames(before.inputs, after.inputs),
    ...newDuties(before.inputs, after.inputs),
    ...lostValues(before.inputs, after.inputs),
  ]
}

type Inputs = readonly ContractInput[]

function lostNames(before: Inputs, after: Inputs): readonly string[] {
  return before.flatMap(({ names }) => {
    const [name = ''] = names
    const heir = heirOf(names, after)
    if (heir === undefined) return [`the input ${name} is gone`]
    const lost = names.filter((one) => !heir.names.includes(one))
    return lost.map((one) => `${one} is no longer a name of the input ${heir.names[0]}`)
  })
}

function newDuties(before: Inputs, after: Inputs): readonly string[] {
  const isGiven = ({ names }: ContractInput) =>
    before.some((input) => input.isRequired && input.names.some((name) => names.includes(name)))
  return after
    .filter((input) => input.isRequired && !isGiven(input))
    .map(({ names }) => `the input ${names[0]} must be given now`)
}

function lostValues(before: Inputs, after: Inputs): readonly string[] {
  return before.flatMap(({ names, schema }) => {
    const heir = heirOf(names, after)
    if (heir === undefined || heir.schema === null) return []
    const [name = ''] = heir.names
    return narrowingsOf(schema, heir.schema, [name]).map((what) => `the input ${what}`)
  })
}

/** The input that is meant by these names now. */
function heirOf(names: readonly string[], after: Inputs): ContractInput | undefined {
  const heirs = names.map((one) => after.find((input) => input.names.includes(one)))
  return heirs.find((one) => one !== undefined)
}
