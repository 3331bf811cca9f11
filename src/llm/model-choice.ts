import type { ModelParameters } from './model.ts'

/**
 * What a crew's files say about a model: plain data, and a part of the crew's definition. It names the variables that
 * hold secrets, and holds none.
 */
export interface ModelChoice {
  /** `provider/model`, or a model's name alone; null: the default model. May hold `${NAME}` and `${NAME:-default}`. */
  readonly name: string | null
  /** Sent with every request. */
  readonly parameters: ModelParameters
  /** How it is reached; what is absent is as the name and the environment say. */
  readonly connection: ModelConnection
}

export interface ModelConnection {
  /** Whose model it is; the name is then the model's, slashes and all. */
  readonly provider?: string
  /** May hold `${NAME}` and `${NAME:-default}`. */
  readonly baseUrl?: string
  /** The variable that holds the key; null: it wants none. */
  readonly apiKeyVariable?: string | null
  /** Of Azure's API: `preview` or `latest`; a date is not sent. May hold `${NAME}` and `${NAME:-default}`. */
  readonly apiVersion?: string
  /** Of Bedrock. May hold `${NAME}` and `${NAME:-default}`. */
  readonly region?: string
  /** For one attempt, in ms. */
  readonly timeoutMs?: number
  /** More attempts than one are made at most so often, however long the retry horizon is. */
  readonly maxRetries?: number
  /** Sent beside our own, by name. Values may hold `${NAME}` and `${NAME:-default}`. */
  readonly headers?: Readonly<Record<string, string>>
}

/** What is chosen where nothing is said. */
export const DEFAULT_CHOICE: ModelChoice = Object.freeze({
  name: null,
  parameters: Object.freeze({}),
  connection: Object.freeze({}),
})

/** A choice of which only the name, and what differs from the defaults, is told. */
export function newChoice(given: Partial<ModelChoice>): ModelChoice {
  return { ...DEFAULT_CHOICE, ...given }
}
