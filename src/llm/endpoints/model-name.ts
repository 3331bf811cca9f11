import { findValue, type Lookup } from './environment.ts'
import type { Provider } from './provider.ts'
import { OPENAI, PROVIDERS } from './providers.ts'

export interface ModelName {
  readonly provider: Provider
  /** What the provider calls the model. */
  readonly model: string
}

/** What else is said about the model beside its name. */
export interface Naming {
  /** The provider, in words of its own; the name is then the model's, slashes and all. */
  readonly provider?: string | undefined
  /** Whether a base URL of its own is given. */
  readonly hasBaseUrl?: boolean
}

/**
 * Whose model a name means, by CrewAI's rules (its `LLM`): `provider/model`; or the name of a model alone, where the
 * provider is known by the way in which it names its models. CrewAI asks OpenAI, or LiteLLM, for all others. Here these
 * are models of a server of one's own, if there is one: at the base URL, or at `OPENAI_BASE_URL`.
 *
 * @returns a text for people when nothing says where the model is: what can be written instead
 */
export function parseModelName(
  name: string,
  { provider: named, hasBaseUrl = false }: Naming,
  lookup: Lookup,
): ModelName | string {
  if (named !== undefined) {
    const provider = findProvider(named)
    return provider === undefined
      ? `there is no provider ${quote(named)}; ${knownProviders()}`
      : { provider, model: name }
  }
  const slash = name.indexOf('/')
  const provider = slash < 0 ? guessProvider(name) : findProvider(name.slice(0, slash))
  const model = slash < 0 || provider === undefined ? name : name.slice(slash + 1)
  const isElsewhere = slash < 0 && !hasBaseUrl && provider && isGatewayNeeded(provider, lookup)
  if (provider !== undefined && !isElsewhere) return { provider, model }
  if (hasBaseUrl || hasGateway(lookup)) return { provider: OPENAI, model: name }
  return slash < 0
    ? `nothing says whose model it is; write provider/${name}, where ${knownProviders()}. ${ownServer(name)}`
    : `there is no provider ${quote(name.slice(0, slash))}; ${knownProviders()}. ${ownServer(name)}`
}

export function findProvider(name: string): Provider | undefined {
  return PROVIDERS.find(({ names }) => names.includes(name.trim().toLowerCase()))
}

/** `OPENAI_BASE_URL` is a server of one's own. */
export function hasGateway(lookup: Lookup): boolean {
  const baseUrl = findValue(OPENAI.baseUrlVariables, lookup)
  return baseUrl !== null && URL.parse(baseUrl)?.host !== new URL(OPENAI.baseUrl).host
}

/** How providers name their models. In this order: `us.anthropic.claude-…` is one of Bedrock's. */
const PATTERNS: readonly (readonly [RegExp, provider: string])[] = [
  [/^([a-z-]+\.)?(ai21|amazon|anthropic|cohere|deepseek|meta|mistral|openai|qwen)\./, 'bedrock'],
  [/^claude-/, 'anthropic'],
  [/^(gemini|gemma|learnlm)-/, 'gemini'],
  [/^gpt-35-/, 'azure'],
  [/^(gpt-|chatgpt-|o\d|ft:)/, 'openai'],
]

function guessProvider(name: string): Provider | undefined {
  const pattern = PATTERNS.find(([names]) => names.test(name.toLowerCase()))
  return pattern && findProvider(pattern[1])
}

/** Who has no key of the provider, but a gateway, has its models there. */
function isGatewayNeeded({ keyVariables }: Provider, lookup: Lookup): boolean {
  return hasGateway(lookup) && findValue(keyVariables, lookup) === null
}

function knownProviders(): string {
  return `providers are ${PROVIDERS.map(({ names: [name] }) => name).join(', ')}`
}

function ownServer(name: string): string {
  return `For a server of your own, give base_url, or write openai/${name} and set OPENAI_BASE_URL`
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
