import type { Logger } from 'pino'
import { type Database, fromJson, type Tx, toJson } from '../db/database.ts'
import { messageOf } from '../errors.ts'
import type { SealedWebhook, SealedWebhooks, WebhookKind } from '../runs/run.ts'
import { placeOf } from './addresses.ts'

interface Vault {
  seal(text: string, place: readonly string[]): string
  open(sealed: string, place: readonly string[]): string
  isCurrent(sealed: string): boolean
}

interface ResealDeps {
  readonly database: Database
  readonly vault: Vault
  readonly log: Logger
}

/** A transaction on SQLite never yields to the event loop, so it is kept short. */
const BATCH = 200

/** Encrypts every stored address with the current key, so that the one before is not needed any more. */
export async function resealAddresses({ database, vault, log }: ResealDeps): Promise<void> {
  log.info('the key has changed: webhook addresses are encrypted anew')
  let count = 0

  function reseal(runId: string, kind: WebhookKind, address: string): string {
    if (vault.isCurrent(address)) return address
    const place = placeOf(runId, kind)
    try {
      const sealed = vault.seal(vault.open(address, place), place)
      count += 1
      return sealed
    } catch (error) {
      log.error({ runId, kind, reason: messageOf(error) }, 'a webhook address cannot be read')
      return address
    }
  }

  await inBatches(database, (tx, after) => resealRuns(tx, after, reseal))
  await inBatches(database, (tx, after) => resealDeliveries(tx, after, reseal))
  log.info({ count }, 'webhook addresses are encrypted with the new key alone')
}

type Reseal = (runId: string, kind: WebhookKind, address: string) => string

/** Calls it with the last id of the batch before, until it gives none. */
async function inBatches(
  { commit }: Database,
  batch: (tx: Tx, after: string) => Promise<string | undefined>,
): Promise<void> {
  let after: string | undefined = ''
  while (after !== undefined) {
    const last: string = after
    after = await commit((tx) => batch(tx, last))
  }
}

async function resealRuns(tx: Tx, after: string, reseal: Reseal): Promise<string | undefined> {
  const rows = await tx
    .selectFrom('kickoffs')
    .select(['runId', 'webhooks'])
    .where('runId', '>', after)
    .orderBy('runId')
    .limit(BATCH)
    .execute()
  for (const { runId, webhooks } of rows) {
    const sealed = Object.entries(fromJson<SealedWebhooks>(webhooks)) as [
      WebhookKind,
      SealedWebhook | null,
    ][]
    const anew = sealed.map(([kind, one]) => [
      kind,
      one && { ...one, address: reseal(runId, kind, one.address) },
    ])
    const json = toJson(Object.fromEntries(anew))
    if (json !== webhooks)
      await tx.updateTable('kickoffs').set({ webhooks: json }).where('runId', '=', runId).execute()
  }
  return rows.at(-1)?.runId
}

async function resealDeliveries(
  tx: Tx,
  after: string,
  reseal: Reseal,
): Promise<string | undefined> {
  const rows = await tx
    .selectFrom('deliveries')
    .select(['id', 'runId', 'kind', 'address'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(BATCH)
    .execute()
  for (const { id, runId, kind, address } of rows) {
    const anew = reseal(runId, kind as WebhookKind, address)
    if (anew !== address)
      await tx.updateTable('deliveries').set({ address: anew }).where('id', '=', id).execute()
  }
  return rows.at(-1)?.id
}
