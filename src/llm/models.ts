import { createPool } from '../net/pool.ts'
import { type Endpoint, findEndpoint } from './endpoint.ts'
import { createLimiter, type Limiter, MAX_IN_FLIGHT } from './limiter.ts'
import { type Model, ModelError } from './model.ts'
import type { ModelLog } from './openai.ts'
import { PROVIDER_VARIABLES, parseModelName } from './providers.ts'
import { simulatedModel } from './simulated.ts'

/** The variables of the environment that models need, by name; none of them is empty. */
export type ModelEnvironment = Readonly<Record<string, string>>

/** They name the default model; the second one is CrewAI's older name. */
const MODEL_NAME_VARIABLES = ['OPENAI_MODEL_NAME', 'MODEL']

/** Every variable that a {@link ModelEnvironment} may hold. */
export const MODEL_VARIABLES: readonly string[] = [...MODEL_NAME_VARIABLES, ...PROVIDER_VARIABLES]

/**
 * True when the environment says which model to use: a key, a base URL, or the name of a model that runs on one's own
 * machine (`MODEL=ollama/llama3.2`).
 */
export function isModelConfigured(environment: ModelEnvironment): boolean {
  if (PROVIDER_VARIABLES.some((name) => environment[name] !== undefined)) return true
  const names = MODEL_NAME_VARIABLES.flatMap((name) => environment[name] ?? [])
  return names.some((name) => parseModelName(name).provider.isLocal === true)
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
   * @param llm `provider/model`; null: the default model
   * @returns the same model for the same name
   */
  resolve(llm: string | null): Model
  /** Why the model cannot be used, for people, with the variable to set; null: it can. */
  check(llm: string | null): string | null
  /** Ends what is in flight and closes all connections. */
  close(): Promise<void>
}

export function createModels(options: ModelsOptions): Models {
  const { simulate, defaultModel, environment } = options
  const simulated = simulatedModel({ latencyMs: options.simulatedLatencyMs })
  const pool = createPool({ maxConnections: MAX_IN_FLIGHT, usesProxy: options.usesProxy })
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

  function find(llm: string | null): Endpoint | ModelError {
    const found = findEndpoint(llm ?? defaultModel, environment)
    return typeof found === 'string'
      ? new ModelError(`The model ${llm ?? defaultModel} cannot be used: ${found}.`)
      : found
  }

  function resolve(llm: string | null): Model {
    if (simulate) return simulated
    const endpoint = find(llm)
    if (endpoint instanceof ModelError) return unusable(llm ?? defaultModel, endpoint)
    const model = known.get(endpoint.name) ?? connect(endpoint)
    known.set(endpoint.name, model)
    return model
  }

  function check(llm: string | null): string | null {
    const endpoint = simulate ? null : find(llm)
    return endpoint instanceof ModelError ? endpoint.message : null
  }

  return { simulated: simulate, resolve, check, close: pool.close }
}

function unusable(name: string, error: ModelError): Model {
  return { name, simulated: false, complete: () => Promise.reject(error) }
}
