import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { keptSecret, readSecret } from '../access/kept-secret.ts'
import type { Config } from '../config.ts'

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

function tokenFile(dataDir: string): string {
  return join(dataDir, 'token')
}
