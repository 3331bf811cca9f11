import type { Logger } from 'pino'
import type { Inputs } from '../crew/crew.ts'
import type { Database } from '../db/database.ts'
import { messageOf } from '../errors.ts'
import type { InputVault } from '../runs/input-vault.ts'
import type { Place } from './seal.ts'
import type { Vault } from './vault.ts'

/** Sensitive inputs as they are stored: encrypted, and opened for their run alone. */
export function createInputVault(vault: Pick<Vault, 'seal' | 'open'>): InputVault {
  return {
    seal: (runId, inputs) => vault.seal(JSON.stringify(inputs), placeOf(runId)),
    open: (runId, sealed) => JSON.parse(vault.open(sealed, placeOf(runId))) as Inputs,
  }
}

function placeOf(runId: string): Place {
  return ['kickoffs', runId, 'sealedInputs']
}

interface ResealDeps {
  readonly database: Database
  readonly vault: Pick<Vault, 'seal' | 'open' | 'isCurrent'>
  readonly log: Logger
}

/** A transaction on SQLite never yields to the event loop, so it is kept short. */
const BATCH = 200

/** Encrypts all that is stored with the current key, so that the one before is not needed any more. */
export async function resealInputs({ database, vault, log }: ResealDeps): Promise<void> {
  function reseal(runId: string, sealed: string): string {
    if (vault.isCurrent(sealed)) return sealed
    try {
      return vault.seal(vault.open(sealed, placeOf(runId)), placeOf(runId))
    } catch (error) {
      log.error({ runId, reason: messageOf(error) }, 'sensitive inputs cannot be read')
      return sealed
    }
  }

  let after: string | undefined = ''
  while (after !== undefined) {
    const last: string = after
    after = await database.commit(async (tx) => {
      const rows = await tx
        .selectFrom('kickoffs')
        .select(['runId', 'sealedInputs'])
        .where('sealedInputs', 'is not', null)
        .where('runId', '>', last)
        .orderBy('runId')
        .limit(BATCH)
        .execute()
      for (const { runId, sealedInputs } of rows)
        await tx
          .updateTable('kickoffs')
          .set({ sealedInputs: sealedInputs && reseal(runId, sealedInputs) })
          .where('runId', '=', runId)
          .execute()
      return rows.at(-1)?.runId
    })
  }
}
