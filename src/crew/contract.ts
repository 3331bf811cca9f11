import type { Definition } from './definition.ts'
import { hasDefault, inputNames, namesOf } from './inputs.ts'

/** What callers of a crew rely on. */
export interface Contract {
  /** In the order of a reader. */
  readonly inputs: readonly ContractInput[]
}

export interface ContractInput {
  /** Every name a kickoff may give it under; its own is the first. */
  readonly names: readonly string[]
  readonly isRequired: boolean
}

export function contractOf(crew: Definition): Contract {
  return {
    inputs: inputNames(crew).map((name) => ({
      names: namesOf(crew, name),
      isRequired: !hasDefault(crew, name),
    })),
  }
}

/** What callers of `before` cannot rely on after it any more, a sentence each without its full stop. Empty: nothing. */
export function breaksOf(before: Contract, after: Contract): readonly string[] {
  return [...lostNames(before.inputs, after.inputs), ...newDuties(before.inputs, after.inputs)]
}

type Inputs = readonly ContractInput[]

function lostNames(before: Inputs, after: Inputs): readonly string[] {
  return before.flatMap(({ names }) => {
    const [name = ''] = names
    const heirs = names.map((one) => after.find((input) => input.names.includes(one)))
    const heir = heirs.find((one) => one !== undefined)
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
