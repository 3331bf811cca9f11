import { ModelError } from '../../src/llm/model.ts'
import { type OpenAiModelOptions, openAiModel } from '../../src/llm/openai.ts'
import { type ModelAnswer, startModelServer } from '../harness/model-server.ts'
import { ask, never } from './samples.ts'

export const KEY = 'sk-very-secret-0123456789'

/** A model that does not wait between attempts, and the waits it would have made. */
export function connect(baseUrl: string, more: Partial<OpenAiModelOptions> = {}) {
  const waits: number[] = []
  const model = openAiModel({
    name: 'openai/gpt-test',
    model: 'gpt-test',
    apiKey: KEY,
    baseUrl,
    wait: async (waitMs) => void waits.push(waitMs),
    ...more,
  })
  return { model, waits }
}

/** How a call fails when the server gives these answers. */
export async function failureOf(
  answers: readonly ModelAnswer[],
  more?: Partial<OpenAiModelOptions>,
) {
  await using server = await startModelServer({ answers })
  const { model, waits } = connect(server.baseUrl, more)
  const error: unknown = await model.complete(ask('Hi'), never).catch((thrown: unknown) => thrown)
  if (!(error instanceof ModelError)) throw new Error('expected a ModelError', { cause: error })
  return { message: error.message, waits, calls: server.calls, host: `127.0.0.1:${server.port}` }
}
