import type { ModelChoice, ModelConnection } from '../model-choice.ts'
import { findBaseUrl } from './base-url.ts'
import { fill, findValue, findVariable, type Lookup } from './environment.ts'
import { hasGateway, parseModelName } from './model-name.ts'
import type { Provider } from './provider.ts'
import { OPENAI } from './providers.ts'

/** Where a model is reached, and how. */
export interface Endpoint {
  /** `provider/model`. */
  readonly name: string
  /** What the provider calls the model. */
  readonly model: string
  readonly baseUrl: string
  readonly apiKey: string | null
  /** Beside our own, by name. */
  readonly headers: Readonly<Record<string, string>>
  /** What no message may hold. */
  readonly secrets: readonly string[]
  /** For one attempt, in ms; null: as for all. */
  readonly timeoutMs: number | null
  /** Null: as many as the retry horizon has room for. */
  readonly maxRetries: number | null
  /** The variables to look at when it refuses a call. */
  readonly variables: EndpointVariables
}

interface EndpointVariables {
  readonly apiKey: string
  /** Null: none changes where the provider is. */
  readonly baseUrl: string | null
}

/** Why a model cannot be used. */
export interface EndpointProblem {
  /** `unknown`: as the files stand, no setting would help. `unset`: something in the environment is missing or wrong. */
  readonly kind: 'unknown' | 'unset'
  /** For people, what to do: it follows "cannot be used:". */
  readonly text: string
}

/** @param name as in the choice, or the default model where it names none */
export function findEndpoint(
  name: string,
  { connection }: Pick<ModelChoice, 'connection'>,
  lookup: Lookup,
): Endpoint | EndpointProblem {
  const filled = fill(name, lookup)
  if ('missing' in filled) return unset(`set ${filled.missing}, which its name needs`)
  const { provider: named, baseUrl } = connection
  const naming = { provider: named, hasBaseUrl: baseUrl !== undefined }
  const parsed = parseModelName(filled.text, naming, lookup)
  if (typeof parsed === 'string') return unknown(parsed)
  const { provider, model } = parsed
  if (model.trim() === '') return unknown('it names no model; write for example openai/gpt-4o-mini')
  const place = findBaseUrl(provider, connection, lookup)
  if ('wrong' in place) return unset(place.wrong)
  if (provider.unserved?.names.test(model) && !place.isOwn)
    return unknown(
      `${provider.unserved.why}; name another model, or give base_url, a gateway that serves it`,
    )
  const key = findKey(filled.text, provider, { connection, lookup, isOwn: place.isOwn })
  if ('text' in key) return key
  const url = withVersion(place.url, provider, connection, lookup)
  if ('text' in url) return url
  const headers = fillHeaders(connection.headers ?? {}, lookup)
  if ('text' in headers) return headers
  return {
    name: `${provider.names[0]}/${model}`,
    model,
    baseUrl: url.href.replace(/\/$/, ''),
    ...key,
    headers: headers.values,
    secrets: [...(key.apiKey === null ? [] : [key.apiKey]), ...headers.secrets],
    timeoutMs: connection.timeoutMs ?? null,
    maxRetries: connection.maxRetries ?? null,
    variables: variablesOf(provider, connection, lookup),
  }
}

function unknown(text: string): EndpointProblem {
  return { kind: 'unknown', text }
}

function unset(text: string): EndpointProblem {
  return { kind: 'unset', text }
}

interface KeySearch {
  readonly connection: ModelConnection
  readonly lookup: Lookup
  /** The model is asked at a place that was named for it. */
  readonly isOwn: boolean
}

/** A key is sent in a header, which takes no others. */
const HEADER_SAFE = /^[\x21-\x7e]+$/

function findKey(
  name: string,
  provider: Provider,
  { connection, lookup, isOwn }: KeySearch,
): Pick<Endpoint, 'apiKey'> | EndpointProblem {
  const { apiKeyVariable } = connection
  if (apiKeyVariable === null) return { apiKey: null }
  const variables = apiKeyVariable === undefined ? provider.keyVariables : [apiKeyVariable]
  const apiKey = findValue(variables, lookup)
  if (apiKey !== null && !HEADER_SAFE.test(apiKey))
    return unset(`${variables.join(' or ')} holds characters that no key has, such as a blank`)
  // A server of one's own in place of a provider's may want no key.
  const mayBeNone = provider.isLocal || (provider === OPENAI && isOwn)
  const isNeeded = apiKeyVariable !== undefined || !mayBeNone
  if (apiKey !== null || !isNeeded) return { apiKey }
  const isDirect = apiKeyVariable === undefined && connection.baseUrl === undefined
  const hint =
    isDirect && hasGateway(lookup) ? `, or write openai/${name} to send it to OPENAI_BASE_URL` : ''
  return unset(`set ${variables.join(' or ')}${hint}`)
}

/** Characters of a header's value, without those at its ends. */
const HEADER_TEXT = /^[\x20-\x7e]*$/

/** A shorter one would take whole words out of messages. */
const MIN_SECRET_LENGTH = 8

interface Headers {
  readonly values: Endpoint['headers']
  /** Those that came from the environment. */
  readonly secrets: readonly string[]
}

function fillHeaders(
  headers: Readonly<Record<string, string>>,
  lookup: Lookup,
): Headers | EndpointProblem {
  const values: Record<string, string> = {}
  const secrets: string[] = []
  for (const [name, value] of Object.entries(headers)) {
    const filled = fill(value, lookup)
    if ('missing' in filled) return unset(`set ${filled.missing}, which its header ${name} needs`)
    const { text } = filled
    if (!HEADER_TEXT.test(text))
      return unset(`its header ${name} holds characters that no header has`)
    values[name] = text
    if (text !== value && text.length >= MIN_SECRET_LENGTH) secrets.push(text)
  }
  return { values, secrets }
}

/** Azure's v1 API has no dated versions, and refuses them. */
const DATED = /^\d{4}-/

function withVersion(
  place: URL,
  { versionParameter }: Provider,
  { apiVersion }: ModelConnection,
  lookup: Lookup,
): URL | EndpointProblem {
  if (apiVersion === undefined || versionParameter === undefined) return place
  const filled = fill(apiVersion, lookup)
  if ('missing' in filled) return unset(`set ${filled.missing}, which its API version needs`)
  const url = new URL(place)
  if (!DATED.test(filled.text)) url.searchParams.set(versionParameter, filled.text)
  return url
}

function variablesOf(
  { keyVariables, baseUrlVariables }: Provider,
  { apiKeyVariable, baseUrl }: ModelConnection,
  lookup: Lookup,
): EndpointVariables {
  const placeVariable = findVariable(baseUrlVariables, lookup) ?? baseUrlVariables[0] ?? null
  return {
    apiKey: apiKeyVariable ?? findVariable(keyVariables, lookup) ?? keyVariables[0],
    baseUrl: baseUrl === undefined ? placeVariable : 'base_url',
  }
}
