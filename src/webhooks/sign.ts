import { Webhook } from 'standardwebhooks'

/** Headers that prove where a message comes from, and that it is whole and fresh. Source: Standard Webhooks 1.0.0. */
export type Sign = (message: {
  readonly id: string
  readonly body: string
  /** Of this attempt; receivers refuse an old one. */
  readonly at: Date
}) => Readonly<Record<string, string>>

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/
const MIN_SECRET_BYTES = 24
const MAX_SECRET_BYTES = 64

/**
 * @param secrets `whsec_…`, at least one; a message is signed with each, so that receivers can change over one by one
 * @throws Error when a secret is none
 */
export function createSign(secrets: readonly string[]): Sign {
  if (secrets.length === 0) throw new Error('Webhooks cannot be signed without a secret.')
  const signers = secrets.map(createSigner)
  return ({ id, body, at }) => ({
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signers.map((signer) => signer.sign(id, at, body)).join(' '),
  })
}

function createSigner(secret: string): Webhook {
  const sizeBytes = Buffer.byteLength(SECRET.exec(secret)?.[1] ?? '', 'base64')
  if (sizeBytes < MIN_SECRET_BYTES || sizeBytes > MAX_SECRET_BYTES)
    throw new Error(
      `A webhook secret must be whsec_ and the base64 of ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes.`,
    )
  return new Webhook(secret)
}
