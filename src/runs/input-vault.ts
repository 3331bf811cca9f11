import type { Inputs } from '../crew/crew.ts'
import { createMask, type Mask } from '../crew/inputs/sensitive.ts'
import type { Run } from './run.ts'

/** Keeps the sensitive inputs of runs. */
export interface InputVault {
  /** As they are stored: encrypted, for this run alone. */
  seal(runId: string, inputs: Inputs): string
  /** @throws Error when they cannot be opened */
  open(runId: string, sealed: string): Inputs
}

type Sealed = Pick<Run, 'id' | 'sealedInputs'>

/** @throws Error when they cannot be opened */
export function secretsOf({ id, sealedInputs }: Sealed, vault: InputVault): Inputs {
  return sealedInputs === null ? {} : vault.open(id, sealedInputs)
}

/** Keeps what is told of a run from telling its sensitive inputs. */
export function maskOf(run: Sealed, vault: InputVault): Mask {
  if (run.sealedInputs === null) return (text) => text
  try {
    return createMask(secretsOf(run, vault))
  } catch {
    // A run whose inputs cannot be read cannot have said them since: it is failed for it when it is driven.
    return (text) => text
  }
}
