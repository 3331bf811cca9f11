import { z } from 'zod'
import type { Endpoint } from './endpoints/endpoint.ts'
import { askedWaitMs, type Failure } from './retry.ts'

/** What a failed call is described from. */
export interface FailedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

/** Not the message alone: OpenAI answers 429 to an account without money as well; waiting does not help there. */
const ErrorBody = z.object({
  error: z.object({
    message: z.string(),
    code: z.unknown().optional(),
    type: z.unknown().optional(),
  }),
})

/** @param now ms since the epoch */
export function describeStatus(endpoint: Endpoint, answer: FailedAnswer, now: number): Failure {
  const { status, headers, body } = answer
  const refusal = refusalOf(endpoint, status)
  if (refusal !== null) return describe(endpoint, refusal)
  if (status < 400) return describe(endpoint, redirectOf(endpoint, answer))
  const error = ErrorBody.safeParse(parseJson(body)).data?.error
  const isBroke = [error?.code, error?.type].includes('insufficient_quota')
  const isPassing = isPassingStatus(status) && !isBroke
  const retryAfterMs = askedWaitMs(headers, now)
  return describe(endpoint, `answered ${status} ${error?.message ?? (body || '(no body)')}`, {
    isPassing,
    isThrottled: isPassing && (status === 429 || retryAfterMs !== null),
    retryAfterMs,
  })
}

/**
 * A failure of the call, which will not pass unless more is said.
 *
 * @param what follows the name of the model; secrets are taken out
 */
export function describe(
  { name, baseUrl, secrets }: Endpoint,
  what: string,
  more: Partial<Pick<Failure, 'isPassing' | 'isThrottled' | 'retryAfterMs'>> = {},
): Failure {
  const text = readable(what, secrets)
  const message = `Model ${name} at ${new URL(baseUrl).host} ${/[.!?]$/.test(text) ? text : `${text}.`}`
  return { ok: false, isPassing: false, isThrottled: false, retryAfterMs: null, ...more, message }
}

/** 408 time-out, 409 conflict with an attempt that still goes on, 429 rate limit, and the provider's own faults. */
export function isPassingStatus(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500
}

/**
 * Nothing of the provider's text, which may repeat the key in part, in capitals or encoded; and what it says is always
 * the same. Null: the status is another one.
 */
export function refusalOf({ apiKey, variables }: Endpoint, status: number): string | null {
  if (status === 401)
    return apiKey === null
      ? `wants a key (401): set ${variables.apiKey}`
      : `did not take the key (401): check ${variables.apiKey}`
  if (status === 403)
    return `refused the call (403): check that the account of ${variables.apiKey} may use this model`
  return null
}

function redirectOf({ variables }: Endpoint, { status, headers }: FailedAnswer): string {
  const target = URL.parse(String(headers['location']))
  const where = target === null ? '' : ` to ${target.origin}`
  const hint = variables.baseUrl === null ? '' : `; set ${variables.baseUrl} to where it leads`
  return `answered ${status}, a redirect${where}, which is not followed with a key${hint}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Of what is looked at, in characters. */
const MAX_READ = 65_536
const MAX_TEXT = 500

/** Providers' texts can be whole pages of HTML. */
function readable(text: string, secrets: readonly string[]): string {
  const line = redact(text.slice(0, MAX_READ).replace(/\s+/g, ' ').trim(), secrets)
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT)}…` : line
}

/** So much of a key tells something; providers repeat the start or the end of one. */
const PART_LENGTH = 8

/** Takes out secrets and longer parts of them, also in capitals or in Base64. */
function redact(text: string, secrets: readonly string[]): string {
  if (secrets.length === 0) return text
  const parts = secrets.flatMap((secret) => [secret, btoa(secret)]).flatMap(partsOf)
  let kept = ''
  let end = -1
  for (const { index, 1: part = '' } of text.matchAll(
    new RegExp(`(?=(${parts.join('|')}))`, 'gi'),
  )) {
    // Parts that overlap or touch are one.
    if (index > end) kept += `${text.slice(Math.max(end, 0), index)}[key]`
    end = index + part.length
  }
  return kept + text.slice(Math.max(end, 0))
}

function partsOf(secret: string): readonly string[] {
  const length = Math.min(PART_LENGTH, secret.length)
  return Array.from({ length: secret.length - length + 1 }, (_, at) =>
    secret.slice(at, at + length).replace(/\W/g, '\\$&'),
  )
}
