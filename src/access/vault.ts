import { createHmac, randomBytes } from 'node:crypto'
import type { Database } from '../db/database.ts'
import { keyIdOf, open, type Place, type SealingKey, seal } from './seal.ts'

/** Keeps secrets that are stored. */
export interface Vault {
  /** Encrypts a text for the place where it will stand. */
  seal(text: string, place: Place): string
  /** @throws SealError when it cannot be opened */
  open(sealed: string, place: Place): string
  /** Whether it was sealed with the key that seals now. */
  isCurrent(sealed: string): boolean
  /** Names a text without telling it: always the same for the same text, also after the keys have changed. */
  fingerprint(text: string): string
}

interface VaultOptions {
  readonly database: Database
  /** The first one seals, all open; at least one. */
  readonly keys: readonly SealingKey[]
  /** Seals everything anew that is stored; called when another key has become the first. */
  readonly reseal: (vault: Vault) => Promise<void>
}

const NAME = 'fingerprint'
const PLACE: Place = ['secrets', NAME, 'sealed']

/**
 * Opens a secret of the database's own, which fingerprints are made with, and so shows at once whether the keys are the
 * right ones. It is sealed anew after everything else is: with whatever key opens it, and the first one, all can be opened.
 *
 * @throws SealError when none of the keys opens it
 */
export async function openVault({ database, keys, reseal }: VaultOptions): Promise<Vault> {
  const [first] = keys
  if (first === undefined) throw new Error('Secrets cannot be kept without a key.')
  const stored = await findSecret(database)
  const secret = stored ? open(stored, PLACE, keys) : randomBytes(32).toString('base64')
  const vault: Vault = {
    seal: (text, place) => seal(text, place, first),
    open: (sealed, place) => open(sealed, place, keys),
    isCurrent: (sealed) => keyIdOf(sealed) === first.id,
    fingerprint: (text) => createHmac('sha256', secret).update(text).digest('hex').slice(0, 32),
  }
  if (stored && !vault.isCurrent(stored)) await reseal(vault)
  if (!stored || !vault.isCurrent(stored)) await keepSecret(database, vault.seal(secret, PLACE))
  return vault
}

async function findSecret({ db }: Database): Promise<string | undefined> {
  const row = await db
    .selectFrom('secrets')
    .select('sealed')
    .where('name', '=', NAME)
    .executeTakeFirst()
  return row?.sealed
}

async function keepSecret({ commit }: Database, sealed: string): Promise<void> {
  await commit((tx) =>
    tx
      .insertInto('secrets')
      .values({ name: NAME, sealed })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ sealed }))
      .execute(),
  )
}
