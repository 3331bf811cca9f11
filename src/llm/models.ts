import { createPool } from '../net/pool.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { findProvider } from './endpoints/model-name.ts'
import { PROVIDERS } from './endpoints/providers.ts'
import { createLimiter, type Limiter, MAX_IN_FLIGHT } from './limiter.ts'
import { type Model, ModelError } from './model.ts'
import type { ModelChoice } from './model-choice.ts'
import {
  createModelFinder,
  type ModelEnvironment,
  type ModelFinder,
  type ModelFinderOptions,
  type ResolveOptions,
} from './model-finder.ts'
import type { ModelLog } from './openai.ts'
import { simulatedModel } from './simulated.ts'

/** They name the default model; CrewAI reads the second one too. */
const MODEL_NAME_VARIABLES = ['OPENAI_MODEL_NAME', 'MODEL']

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

export interface ModelsOptions extends ModelFinderOptions {
  /** Of each simulated answer, in ms. */
  readonly simulatedLatencyMs: number
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
  readonly check: ModelFinder['check']
  /** Ends what is in flight and closes all connections. */
  close(): Promise<void>
}

export function createModels(options: ModelsOptions): Models {
  const { simulate } = options
  const finder = createModelFinder(options)
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

  function resolve(choice: ModelChoice, crew?: ResolveOptions): Model {
    if (simulate) return simulated
    const found = finder.find(choice, crew)
    if ('kind' in found) return unusable(finder.nameOf(choice, crew), new ModelError(found.message))
    const key = JSON.stringify(found)
    const model = known.get(key) ?? connect(found)
    known.set(key, model)
    return model
  }

  return { simulated: simulate, resolve, check: finder.check, close: pool.close }
}

function unusable(name: string, error: ModelError): Model {
  return { name, simulated: false, complete: () => Promise.reject(error) }
}
