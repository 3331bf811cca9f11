import type { Endpoint } from '../../src/llm/endpoints/endpoint.ts'
import type { Limiter } from '../../src/llm/limiter.ts'
import { ModelError } from '../../src/llm/model.ts'
import { type OpenAiModelOptions, openAiModel } from '../../src/llm/openai.ts'
import { createPool } from '../../src/net/pool.ts'
import { type ModelAnswer, startModelServer } from '../harness/model-server.ts'
import { ask, never } from './samples.ts'

export const KEY = 'sk-very-secret-0123456789'

export const HORIZON_MS = 3_600_000

function endpointAt(baseUrl: string, more: Partial<Endpoint> = {}): Endpoint {
  return {
    name: 'openai/gpt-test',
    model: 'gpt-test',
    apiKey: KEY,
    secrets: [KEY],
    baseUrl,
    headers: {},
    timeoutMs: null,
    maxRetries: null,
    variables: { apiKey: 'OPENAI_API_KEY', baseUrl: 'OPENAI_BASE_URL' },
    ...more,
  }
}

/** Lets everybody through at once. */
const OPEN: Limiter = { enter: () => () => {} }

type More = Partial<OpenAiModelOptions> & Partial<Endpoint>

/** A model that does not wait between attempts, and the waits it would have made. */
export function connect(baseUrl: string, { apiKey = KEY, ...more }: More = {}) {
  const waits: number[] = []
  const pool = createPool({ maxConnections: 10, usesProxy: false })
  const model = openAiModel({
    endpoint: endpointAt(baseUrl, { apiKey }),
    pool,
    limiter: OPEN,
    retryHorizonMs: HORIZON_MS,
    wait: async (waitMs) => void waits.push(waitMs),
    ...more,
  })
  return { model, waits, [Symbol.asyncDispose]: () => pool.close() }
}

/** How a call fails when the server gives these answers. */
export async function failureOf(answers: readonly ModelAnswer[], more?: More) {
  await using server = await startModelServer({ answers })
  await using connection = connect(server.baseUrl, more)
  const { model, waits } = connection
  const error: unknown = await model.complete(ask('Hi'), never).catch((thrown: unknown) => thrown)
  if (!(error instanceof ModelError)) throw new Error('expected a ModelError', { cause: error })
  return {
    error,
    message: error.message,
    waits,
    calls: server.calls,
    host: `127.0.0.1:${server.port}`,
  }
}
