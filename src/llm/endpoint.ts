import { type Provider, parseModelName } from './providers.ts'

type Environment = Readonly<Record<string, string>>

/** Where a model is reached. */
export interface Endpoint {
  /** `provider/model`. */
  readonly name: string
  /** What the provider calls the model. */
  readonly model: string
  readonly baseUrl: string
  readonly apiKey: string | null
  /** The variables to look at when it refuses a call. */
  readonly variables: EndpointVariables
}

interface EndpointVariables {
  readonly apiKey: string
  /** Null: none changes where the provider is. */
  readonly baseUrl: string | null
}

/**
 * @param llm `provider/model`, or the name of a model of the default endpoint
 * @returns the endpoint, or a text for people: what must be set
 */
export function findEndpoint(llm: string, environment: Environment): Endpoint | string {
  const { provider, model } = parseModelName(llm)
  if (model.trim() === '') return 'it names no model; write for example openai/gpt-4o-mini'
  const baseUrl = baseUrlOf(provider, environment)
  if (baseUrl === null)
    return `${provider.baseUrlVariables[0]} must be an http(s) URL without user and password, for example ${provider.baseUrl}`
  const apiKey = findValue(provider.keyVariables, environment)
  if (apiKey === null && needsKey(provider, environment))
    return missingKey(llm, provider, environment)
  if (apiKey !== null && !HEADER_SAFE.test(apiKey))
    return `${provider.keyVariables.join(' or ')} holds characters that no key has, such as a blank`
  const variables = {
    apiKey: findVariable(provider.keyVariables, environment) ?? provider.keyVariables[0],
    baseUrl:
      findVariable(provider.baseUrlVariables, environment) ?? provider.baseUrlVariables[0] ?? null,
  }
  return { name: `${provider.names[0]}/${model}`, model, baseUrl, apiKey, variables }
}

/** A key is sent in a header, which takes no others. */
const HEADER_SAFE = /^[\x21-\x7e]+$/

/** Trimmed: a key that was read from a file often ends in a line break. */
function findValue(variables: readonly string[], environment: Environment): string | null {
  const variable = findVariable(variables, environment)
  return variable === undefined ? null : (environment[variable]?.trim() ?? null)
}

function findVariable(variables: readonly string[], environment: Environment): string | undefined {
  return variables.find((name) => environment[name]?.trim())
}

/** Null: it is missing, or no URL to send a key to. */
function baseUrlOf(provider: Provider, environment: Environment): string | null {
  const value = findValue(provider.baseUrlVariables, environment)
  if (value === null) return provider.needsBaseUrl ? null : provider.baseUrl
  const url = URL.parse(value.includes('://') ? value : `http://${value}`)
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return null
  if (url.pathname === '/' && provider.path !== undefined) url.pathname = provider.path
  return url.href.replace(/\/$/, '')
}

/** A base URL of one's own in place of OpenAI's may be that of a server which wants no key. */
function needsKey(provider: Provider, environment: Environment): boolean {
  if (provider.isLocal) return false
  return !(provider.names.includes('openai') && findValue(provider.baseUrlVariables, environment))
}

function missingKey(llm: string, provider: Provider, environment: Environment): string {
  const gateway = findValue(['OPENAI_BASE_URL', 'OPENAI_API_BASE'], environment)
  const hint = gateway ? `, or write openai/${llm} to send it to OPENAI_BASE_URL` : ''
  return `set ${provider.keyVariables.join(' or ')}${hint}`
}
