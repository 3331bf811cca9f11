import { type Endpoint, type EndpointProblem, findEndpoint } from './endpoints/endpoint.ts'
import { findValue, firstOf, type Lookup } from './endpoints/environment.ts'
import { findProvider } from './endpoints/model-name.ts'
import { PROVIDERS } from './endpoints/providers.ts'
import type { ModelChoice } from './model-choice.ts'

/** The variables of the environment, without the server's own secrets; none of them is empty. */
export type ModelEnvironment = Readonly<Record<string, string>>

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

export interface ModelFinderOptions {
  /** True: models are the built-in simulated one, and any name will do. */
  readonly simulate: boolean
  /** True: also those of crews whose own variables say which model to use. Default false. */
  readonly simulateAll?: boolean
  /** What is used where no model is named: `provider/model`, or a name of the default endpoint. */
  readonly defaultModel: string
  readonly environment: ModelEnvironment
}

export interface ResolveOptions {
  /** The variables of the crew alone, such as those of its `.env`. They go before the server's, and to no other crew. */
  readonly own?: ModelEnvironment
}

/** As an {@link EndpointProblem}, in a full sentence. */
export interface ModelProblem {
  readonly kind: EndpointProblem['kind']
  readonly message: string
}

/** Knows where models are, without the way to ask them. */
export interface ModelFinder {
  /** Whether the crew's models are the simulated one. */
  isSimulated(crew?: ResolveOptions): boolean
  find(choice: ModelChoice, crew?: ResolveOptions): Endpoint | ModelProblem
  /** Why the model cannot be used; null: it can. */
  check(choice: ModelChoice, crew?: ResolveOptions): ModelProblem | null
  /** As it is asked for. */
  nameOf(choice: ModelChoice, crew?: ResolveOptions): string
}

/** In CrewAI's order: a project's `.env` is written for it. */
const CREW_MODEL_NAME_VARIABLES = ['MODEL', 'MODEL_NAME', 'OPENAI_MODEL_NAME']

export function createModelFinder(options: ModelFinderOptions): ModelFinder {
  const { simulate, simulateAll = false, defaultModel } = options
  const server = lookupIn(options.environment)

  function isSimulated({ own = {} }: ResolveOptions = {}): boolean {
    return simulate && (simulateAll || !isModelConfigured(own))
  }

  function nameOf({ name }: ModelChoice, { own }: ResolveOptions = {}): string {
    return name ?? (own && findValue(CREW_MODEL_NAME_VARIABLES, lookupIn(own))) ?? defaultModel
  }

  function find(choice: ModelChoice, crew: ResolveOptions = {}): Endpoint | ModelProblem {
    const name = nameOf(choice, crew)
    const lookup = crew.own === undefined ? server : firstOf(lookupIn(crew.own), server)
    const found = findEndpoint(name, choice, lookup)
    if (!('kind' in found)) return found
    return { kind: found.kind, message: `The model ${name} cannot be used: ${found.text}.` }
  }

  function check(choice: ModelChoice, crew?: ResolveOptions): ModelProblem | null {
    const found = isSimulated(crew) ? null : find(choice, crew)
    return found !== null && 'kind' in found ? found : null
  }

  return { isSimulated, find, check, nameOf }
}

function lookupIn(environment: ModelEnvironment): Lookup {
  return (variable) => (Object.hasOwn(environment, variable) ? environment[variable] : undefined)
}
