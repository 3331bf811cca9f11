import { createPool } from '../net/pool.ts'
import { type Endpoint, type EndpointProblem, findEndpoint } from './endpoints/endpoint.ts'
import { findValue, firstOf, type Lookup } from './endpoints/environment.ts'
import { findProvider } from './endpoints/model-name.ts'
import { PROVIDERS } from './endpoints/providers.ts'
import { createLimiter, type Limiter, MAX_IN_FLIGHT } from './limiter.ts'
import { type Model, ModelError } from './model.ts'
import type { ModelChoice } from './model-choice.ts'
import type { ModelLog } from './openai.ts'
import { simulatedModel } from './simulated.ts'

/** The variables of the environment, without the server's own secrets; none of them is empty. */
export type ModelEnvironment = Readonly<Record<string, string>>

/** They name the default model; CrewAI reads the second one too. */
const MODEL_NAME_VARIABLES = ['OPENAI_MODEL_NAME', 'MODEL']

/** In CrewAI's order: a project's `.env` is written for it. */
const CREW_MODEL_NAME_VARIABLES = ['MODEL', 'MODEL_NAME', 'OPENAI_MODEL_NAME']

/** The variables that say how to reach a provider. A key that is for other things too does not. */
const PROVIDER_VARIABLES = PROVIDERS.flatMap(({ keyVariables, baseUrlVariables, keyIsForMore }) => [
  ...(keyIsForMore ? [] : keyVariables),
  ...baseUrlVariables,
])

/**
 * True when the environment says which model to use: a key, a base URL, or the name of a model that runs on one's own
 * machine (`MODEL=ollama/llama3.2`).
 */
export function isModelConfigured(environment: ModelEnvironment): boolean {
  if (PROVIDER_VARIABLES.some((name) => environment[name] !== undefined)) return true
  const names = MODEL_NAME_VARIABLES.flatMap((name) => environment[name] ?? [])
  return names.some((name) => findProvider(name.split('/', 1)[0] ?? '')?.isLocal === true)
}

export interface ModelsOptions {
  /** True: every model is the built-in simulated one. */
  readonly simulate: boolean
  /** Of each simulated answer, in ms. */
  readonly simulatedLatencyMs: number
  /** What agents without an `llm` of their own use: `provider/model`, or a name of the default endpoint. */
  readonly defaultModel: string
  readonly environment: ModelEnvironment
  /** For how long a call that fails is tried again, in ms from its first failure. */
  readonly retryHorizonMs: number
  /** True: models are asked through the proxies that HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment name. */
  readonly usesProxy: boolean
  /** Told of failures that are followed by another attempt. */
  readonly log?: ModelLog
}

/** The models of one server. */
export interface Models {
  readonly simulated: boolean
  /**
   * A model that cannot be used fails when it is called, and not here: a run that has its answers already can then be
   * gone on with.
   *
   * @returns the same model for the same endpoint
   */
  resolve(choice: ModelChoice, options?: ResolveOptions): Model
  /** Why the model cannot be used, for people, with what to do; null: it can. */
  check(choice: ModelChoice, options?: ResolveOptions): ModelProblem | null
  /** Ends what is in flight and closes all connections. */
  close(): Promise<void>
}

interface ResolveOptions {
  /** The variables of the crew alone, such as those of its `.env`. They go before the server's, and to no other crew. */
  readonly own?: Lookup
}

/** As an {@link EndpointProblem}, in a full sentence. */
interface ModelProblem {
  readonly kind: EndpointProblem['kind']
  readonly message: string
}

export function createModels(options: ModelsOptions): Models {
  const { simulate, defaultModel, environment } = options
  const simulated = simulatedModel({ latencyMs: options.simulatedLatencyMs })
  const pool = createPool({ maxConnections: MAX_IN_FLIGHT, usesProxy: options.usesProxy })
  // By all that is known of the endpoint, so that a crew's own key is never another's.
  const known = new Map<string, Model>()
  const limiters = new Map<string, Limiter>()

  /** One for all models behind the same key. */
  function limiterOf({ baseUrl, apiKey }: Endpoint): Limiter {
    const key = `${baseUrl} ${apiKey}`
    const limiter = limiters.get(key) ?? createLimiter()
    limiters.set(key, limiter)
    return limiter
  }

  /** The SDK costs 35 MB and 0.1 s to load, so that waits for the first call. */
  function connect(endpoint: Endpoint): Model {
    const { retryHorizonMs, log } = options
    const limiter = limiterOf(endpoint)
    let loading: Promise<Model> | null = null
    const load = async () => {
      const { openAiModel } = await import('./openai.ts')
      return openAiModel({ endpoint, pool, limiter, retryHorizonMs, ...(log && { log }) })
    }
    return {
      name: endpoint.name,
      simulated: false,
      async complete(request, signal) {
        loading ??= load()
        return (await loading).complete(request, signal)
      },
    }
  }

  function nameOf({ name }: ModelChoice, own: Lookup | undefined): string {
    return name ?? (own && findValue(CREW_MODEL_NAME_VARIABLES, own)) ?? defaultModel
  }

  function find(choice: ModelChoice, own: Lookup | undefined): Endpoint | ModelProblem {
    const name = nameOf(choice, own)
    const lookup = firstOf(...(own ? [own] : []), (variable) => environment[variable])
    const found = findEndpoint(name, choice, lookup)
    if (!('kind' in found)) return found
    return { kind: found.kind, message: `The model ${name} cannot be used: ${found.text}.` }
  }

  function resolve(choice: ModelChoice, { own }: ResolveOptions = {}): Model {
    if (simulate) return simulated
    const found = find(choice, own)
    if ('kind' in found) return unusable(nameOf(choice, own), new ModelError(found.message))
    const key = JSON.stringify(found)
    const model = known.get(key) ?? connect(found)
    known.set(key, model)
    return model
  }

  function check(choice: ModelChoice, { own }: ResolveOptions = {}): ModelProblem | null {
    const found = simulate ? null : find(choice, own)
    return found !== null && 'kind' in found ? found : null
  }

  return { simulated: simulate, resolve, check, close: pool.close }
}

function unusable(name: string, error: ModelError): Model {
  return { name, simulated: false, complete: () => Promise.reject(error) }
}
