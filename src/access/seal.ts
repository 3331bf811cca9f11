import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto'

/** What secrets are encrypted with before they are stored. */
export interface SealingKey {
  /** Stands in every text that was sealed with it, and tells nothing of it. */
  readonly id: string
  readonly secret: KeyObject
}

/**
 * Where a sealed text stands: table, row and column. It can be opened there alone, so that who can write to the
 * database cannot move it to where another secret is read.
 */
export type Place = readonly string[]

const KEY_BYTES = 32
/** Of the text, should it ever look different. */
const FORMAT = 'v1'
const CIPHER = 'aes-256-gcm'
/** Both as NIST SP 800-38D recommends. */
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** A text that cannot be opened with the keys at hand, or not in this place. */
export class SealError extends Error {
  override readonly name = 'SealError'
}

/**
 * @param text base64 of 32 bytes, as `openssl rand -base64 32` makes them
 * @returns undefined when it is something else
 */
export function parseKey(text: string): SealingKey | undefined {
  const bytes = /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0)
  if (bytes.length !== KEY_BYTES) return undefined
  const id = createHash('sha256').update('coxswain key').update(bytes).digest('hex').slice(0, 8)
  return { id, secret: createSecretKey(bytes) }
}

/** Encrypts (AES-256-GCM). The same text comes out different every time. */
export function seal(text: string, place: Place, key: SealingKey): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key.secret, nonce).setAAD(boundTo(place, key.id))
  const sealed = [nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]
  return `${FORMAT}.${key.id}.${Buffer.concat(sealed).toString('base64url')}`
}

/** @throws SealError when its key is not among them, or it was sealed for another place, or is not whole */
export function open(sealed: string, place: Place, keys: readonly SealingKey[]): string {
  const id = keyIdOf(sealed)
  const key = keys.find((one) => one.id === id)
  if (key === undefined)
    throw new SealError(
      `The key ${id ?? 'of this text'} is missing; there is ${keys.map((one) => one.id).join(', ')}.`,
    )
  const bytes = Buffer.from(sealed.split('.')[2] ?? '', 'base64url')
  try {
    const decipher = createDecipheriv(CIPHER, key.secret, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(boundTo(place, key.id)).setAuthTag(bytes.subarray(-TAG_BYTES))
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
    return Buffer.concat([text, decipher.final()]).toString('utf8')
  } catch (cause) {
    throw new SealError('A sealed text was changed, or moved from its place.', { cause })
  }
}

/** Of the key a text was sealed with; null: it is no sealed text. */
export function keyIdOf(sealed: string): string | null {
  const [format, id, bytes] = sealed.split('.')
  return format === FORMAT && bytes ? (id ?? null) : null
}

function boundTo(place: Place, keyId: string): Buffer {
  return Buffer.from(JSON.stringify([FORMAT, keyId, ...place]))
}
