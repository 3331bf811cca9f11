import { z } from 'zod'
import type { ModelConnection } from '../../../llm/model-choice.ts'
import { count, flag, must, text } from '../schemas.ts'
import { defined } from './defined.ts'
import { IN_TEXT, textOrVariable, VARIABLE_START, variable, variableIn } from './variables.ts'

/** A day. */
const MAX_TIMEOUT_SECONDS = 86_400
const TIMEOUT = must(`a number of seconds above 0, up to ${MAX_TIMEOUT_SECONDS}`)

const baseUrl = textOrVariable.refine(isUrl, {
  error: `must be an http(s) URL without user and password, such as http://localhost:8000/v1, in which ${IN_TEXT} may stand for a variable; a key goes into api_key`,
})

/** One that names variables is looked at when these are known. */
function isUrl(given: string): boolean {
  if (/^([^/]*\/\/)?[^/?#]*@/.test(given)) return false
  if (given.includes(VARIABLE_START)) return true
  const url = URL.parse(given.includes('://') ? given : `http://${given}`)
  return url !== null && /^https?:$/.test(url.protocol)
}

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i
/** Those that a request cannot do without as they are. */
const OWN_HEADERS =
  /^(host|connection|content-length|content-type|transfer-encoding|accept-encoding|idempotency-key)$/i

const headerMap = z.record(
  z.string().refine((name) => HEADER_NAME.test(name) && !OWN_HEADERS.test(name)),
  textOrVariable,
  {
    error: ({ code }) =>
      code === 'invalid_key'
        ? 'is no header that can be set here'
        : 'must be a map of headers to their values',
  },
)

export const connectionShape = {
  provider: text.exactOptional(),
  customOpenai: flag.exactOptional(),
  baseUrl: baseUrl.exactOptional(),
  apiBase: baseUrl.exactOptional(),
  endpoint: baseUrl.exactOptional(),
  apiKey: z
    .union([variable, z.string()], {
      error: `must be ${IN_TEXT} or {"env": "NAME"}, with the variable that holds the key`,
    })
    .exactOptional(),
  apiKeyEnv: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, { error: 'must be the name of the variable that holds the key' })
    .exactOptional(),
  apiVersion: textOrVariable.exactOptional(),
  regionName: textOrVariable.exactOptional(),
  awsRegionName: textOrVariable.exactOptional(),
  timeout: z
    .number({ error: TIMEOUT })
    .positive({ error: TIMEOUT })
    .max(MAX_TIMEOUT_SECONDS, { error: TIMEOUT })
    .exactOptional(),
  maxRetries: count(0).exactOptional(),
  extraHeaders: headerMap.exactOptional(),
  defaultHeaders: headerMap.exactOptional(),
}

type Fields = z.output<z.ZodObject<typeof connectionShape>>

export interface ReadConnection {
  readonly connection: ModelConnection
  /** The field that holds a secret itself; null: none does. */
  readonly secretIn: string | null
}

export function toConnection(fields: Fields): ReadConnection {
  const key = readKey(fields)
  const headers = readHeaders(fields)
  const connection: ModelConnection = defined({
    provider: fields.provider,
    baseUrl: fields.baseUrl ?? fields.apiBase ?? fields.endpoint,
    apiKeyVariable: key === SECRET ? undefined : key,
    apiVersion: fields.apiVersion,
    region: fields.regionName ?? fields.awsRegionName,
    timeoutMs: fields.timeout === undefined ? undefined : fields.timeout * 1000,
    maxRetries: fields.maxRetries,
    headers: headers.values,
  })
  return { connection, secretIn: key === SECRET ? 'apiKey' : headers.secretIn }
}

/** Stands for a key that was written where only the name of its variable may be. */
const SECRET = Symbol('secret')

/** How people write that there is no key. */
const NO_KEY =
  /^(none|null|na|n\/a|empty|dummy|fake|ollama|lm-?studio|no-?key|not[-_ ](needed|required)|sk-no-key-required)$/i

export function isNoKey(key: string): boolean {
  return NO_KEY.test(key)
}

/** @returns the name of a variable; null: the server wants no key; undefined: nothing is said */
function readKey({ apiKey, apiKeyEnv }: Fields): string | null | undefined | typeof SECRET {
  if (apiKeyEnv !== undefined) return apiKeyEnv
  const key = apiKey?.trim() ?? ''
  if (key === '') return undefined
  if (isNoKey(key)) return null
  const found = variableIn(key)
  const isPlain = found !== null && (found.byDefault === '' || isNoKey(found.byDefault))
  return isPlain ? found.name : SECRET
}

/** Headers that are there to hold secrets. */
const SECRET_HEADER = /auth|cookie|key|password|secret|token/i

function readHeaders(fields: Fields): {
  readonly values: Readonly<Record<string, string>> | undefined
  readonly secretIn: string | null
} {
  const field = fields.extraHeaders === undefined ? 'defaultHeaders' : 'extraHeaders'
  const given = { ...fields.defaultHeaders, ...fields.extraHeaders }
  const isSecret = ([name, value]: readonly [string, string]) =>
    SECRET_HEADER.test(name) && !value.includes(VARIABLE_START)
  const entries = Object.entries(given)
  const values = Object.fromEntries(entries.filter((entry) => !isSecret(entry)))
  return {
    values: Object.keys(values).length === 0 ? undefined : values,
    secretIn: entries.some(isSecret) ? field : null,
  }
}
