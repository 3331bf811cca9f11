import { type Endpoint, type EndpointProblem, findEndpoint } from './endpoints/endpoint.ts'
import { findValue, firstOf, type Lookup } from './endpoints/environment.ts'
import type { ModelChoice } from './model-choice.ts'

/** The variables of the environment, without the server's own secrets; none of them is empty. */
export type ModelEnvironment = Readonly<Record<string, string>>

export interface ModelFinderOptions {
  /** True: every model is the built-in simulated one, and any name will do. */
  readonly simulate: boolean
  /** What is used where no model is named: `provider/model`, or a name of the default endpoint. */
  readonly defaultModel: string
  readonly environment: ModelEnvironment
}

export interface ResolveOptions {
  /** The variables of the crew alone, such as those of its `.env`. They go before the server's, and to no other crew. */
  readonly own?: Lookup
}

/** As an {@link EndpointProblem}, in a full sentence. */
export interface ModelProblem {
  readonly kind: EndpointProblem['kind']
  readonly message: string
}

/** Knows where models are, without the way to ask them. */
export interface ModelFinder {
  find(choice: ModelChoice, options?: ResolveOptions): Endpoint | ModelProblem
  /** Why the model cannot be used; null: it can. */
  check(choice: ModelChoice, options?: ResolveOptions): ModelProblem | null
  /** As it is asked for. */
  nameOf(choice: ModelChoice, options?: ResolveOptions): string
}

/** In CrewAI's order: a project's `.env` is written for it. */
const CREW_MODEL_NAME_VARIABLES = ['MODEL', 'MODEL_NAME', 'OPENAI_MODEL_NAME']

export function createModelFinder(options: ModelFinderOptions): ModelFinder {
  const { simulate, defaultModel, environment } = options
  const server: Lookup = (variable) => environment[variable]

  function nameOf({ name }: ModelChoice, { own }: ResolveOptions = {}): string {
    return name ?? (own && findValue(CREW_MODEL_NAME_VARIABLES, own)) ?? defaultModel
  }

  function find(choice: ModelChoice, crew: ResolveOptions = {}): Endpoint | ModelProblem {
    const name = nameOf(choice, crew)
    const lookup = crew.own === undefined ? server : firstOf(crew.own, server)
    const found = findEndpoint(name, choice, lookup)
    if (!('kind' in found)) return found
    return { kind: found.kind, message: `The model ${name} cannot be used: ${found.text}.` }
  }

  function check(choice: ModelChoice, crew?: ResolveOptions): ModelProblem | null {
    const found = simulate ? null : find(choice, crew)
    return found !== null && 'kind' in found ? found : null
  }

  return { find, check, nameOf }
}
