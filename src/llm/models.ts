import { createPool } from '../net/pool.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { createLimiter, type Limiter, MAX_IN_FLIGHT } from './limiter.ts'
import { type Model, ModelError } from './model.ts'
import type { ModelChoice } from './model-choice.ts'
import {
  createModelFinder,
  type ModelFinder,
  type ModelFinderOptions,
  type ResolveOptions,
} from './model-finder.ts'
import type { ModelLog } from './openai.ts'
import { simulatedModel } from './simulated.ts'

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
export interface Models extends Pick<ModelFinder, 'check' | 'isSimulated'> {
  /**
   * A model that cannot be used fails when it is called, and not here: a run that has its answers already can then be
   * gone on with.
   *
   * @returns the same model for the same endpoint
   */
  resolve(choice: ModelChoice, crew?: ResolveOptions): Model
  /** Ends what is in flight and closes all connections. */
  close(): Promise<void>
}

export function createModels(options: ModelsOptions): Models {
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
    if (finder.isSimulated(crew)) return simulated
    const found = finder.find(choice, crew)
    if ('kind' in found) return unusable(finder.nameOf(choice, crew), new ModelError(found.message))
    const key = JSON.stringify(found)
    const model = known.get(key) ?? connect(found)
    known.set(key, model)
    return model
  }

  const { check, isSimulated } = finder
  return { isSimulated, resolve, check, close: pool.close }
}

function unusable(name: string, error: ModelError): Model {
  return { name, simulated: false, complete: () => Promise.reject(error) }
}
