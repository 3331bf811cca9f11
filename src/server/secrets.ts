import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { resealInputs } from '../access/input-vault.ts'
import { keptSecret, readSecret } from '../access/kept-secret.ts'
import { parseKey, SealError, type SealingKey } from '../access/seal.ts'
import { openVault, type Vault } from '../access/vault.ts'
import { type Config, ConfigError } from '../config.ts'
import type { Database } from '../db/database.ts'
import { resealAddresses } from '../webhooks/reseal.ts'

export interface KeptToken {
  readonly token: string
  readonly file: string
}

/** The token that is made at the first start; null: tokens are set, or none is needed. 256 bits; secret scanners find the prefix. */
export function keepToken({ tokens, dataDir }: Config): KeptToken | null {
  if (tokens !== null) return null
  const file = tokenFile(dataDir)
  return { file, token: keptSecret(file, () => `cox_${randomBytes(32).toString('base64url')}`) }
}

/** The token of a command that calls the server, as set or as kept; null: there is none. */
export function tokenOf({ tokens, dataDir }: Config): string | null {
  if (tokens === 'off') return null
  return tokens?.[0] ?? readSecret(tokenFile(dataDir))
}

/** SHA-256 of the tokens that may call. */
export function hashedTokens(
  { tokens }: Config,
  kept: KeptToken | null,
): readonly Buffer[] | 'off' {
  if (tokens === 'off') return 'off'
  const plain = tokens ?? (kept === null ? [] : [kept.token])
  return plain.map((token) => createHash('sha256').update(token).digest())
}

/** `whsec_…`, as set or as made at the first start. */
export function webhookSecretsOf({ webhookSecrets, dataDir }: Config): readonly string[] {
  const make = () => `whsec_${randomBytes(32).toString('base64')}`
  return webhookSecrets ?? [keptSecret(join(dataDir, 'webhook-secret'), make)]
}

/**
 * What the database keeps sealed, with the keys that are set or the one that was made at the first start.
 *
 * @throws ConfigError when they are not the keys this database was used with
 */
export async function openSecrets(config: Config, database: Database, log: Logger): Promise<Vault> {
  const file = join(config.dataDir, 'encryption-key')
  const keys = config.encryptionKeys ?? [keptKey(file)]
  const reseal = async (vault: Vault) => {
    await resealAddresses({ database, vault, log })
    await resealInputs({ database, vault, log })
  }
  return openVault({ database, keys, reseal }).catch((cause: unknown) => {
    if (!(cause instanceof SealError)) throw cause
    const what = config.encryptionKeys === null ? file : 'ENCRYPTION_KEY'
    throw new ConfigError(
      `${what} is not the key that secrets in this database are encrypted with. ${cause.message} Set ENCRYPTION_KEY to that one, or to a new one and that one, separated by a comma; one that was made at the first start is in ${file}.`,
      { cause },
    )
  })
}

function keptKey(file: string): SealingKey {
  const key = parseKey(keptSecret(file, () => randomBytes(32).toString('base64')))
  if (key === undefined) throw new ConfigError(`${file} does not hold a key: base64 of 32 bytes.`)
  return key
}

function tokenFile(dataDir: string): string {
  return join(dataDir, 'token')
}
