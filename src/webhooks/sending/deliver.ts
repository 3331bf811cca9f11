import { messageOf } from '../../errors.ts'
import type { OutboundClient } from '../../net/client.ts'
import type { Authentication, Webhook } from '../../runs/run.ts'
import type { Sign } from './sign.ts'

/** How an attempt ended. */
export interface Outcome {
  /** Null when there was no answer. */
  readonly statusCode: number | null
  /** The header of the answer. */
  readonly retryAfter: string | null
  /** For people; null when the message was delivered. */
  readonly error: string | null
}

/** What is sent. */
export interface Letter {
  readonly id: string
  readonly webhook: Webhook
  /** JSON text. */
  readonly body: string
}

/** Source of the bounds: Standard Webhooks 1.0.0, 15 to 30 s. */
const TIMEOUT_MS = 20_000

/**
 * Sends a message once. Only an answer of 2xx is success.
 *
 * @throws the signal's reason when aborted: then nobody knows whether the message has arrived
 */
export async function deliver(
  letter: Letter,
  by: { readonly client: OutboundClient; readonly sign: Sign },
  signal: AbortSignal,
): Promise<Outcome> {
  const { url } = letter.webhook
  try {
    const headers = headersOf(letter, by.sign)
    const request = { url, headers, body: letter.body, timeoutMs: TIMEOUT_MS, signal }
    const { status, headers: answered } = await by.client.post(request)
    const retryAfter = answered['retry-after']
    return {
      statusCode: status,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
      error: isSuccess(status) ? null : `${new URL(url).host} answered ${meaningOf(status)}.`,
    }
  } catch (error) {
    signal.throwIfAborted()
    return { statusCode: null, retryAfter: null, error: messageOf(error) }
  }
}

function headersOf({ id, body, webhook }: Letter, sign: Sign): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    'user-agent': 'Coxswain',
    ...sign({ id, body, at: new Date() }),
    ...(webhook.authentication && { authorization: authorizationOf(webhook.authentication) }),
  }
}

function authorizationOf(authentication: Authentication): string {
  if (authentication.strategy === 'bearer') return `Bearer ${authentication.token}`
  const { username, password } = authentication
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

function meaningOf(status: number): string {
  return status >= 300 && status < 400 ? `${status}, and redirects are not followed` : `${status}`
}
