import { z } from 'zod'
import type { ModelParameters } from '../../../llm/model.ts'
import { snakeCase } from '../../source.ts'
import { between, count, must, text } from '../schemas.ts'
import { defined } from './defined.ts'
import { PASSED_ON } from './llm-fields.ts'

const stop = z.string().min(1)
const stops = z.union([stop.transform((one) => [one]), z.array(stop)], {
  error: must('a text or a list of texts'),
})

/** OpenAI has a boolean, CrewAI a number: of how many tokens beside the one that was taken. */
const logprobs = z.union([z.boolean(), z.int().min(0).max(20)], {
  error: must('true or false, or a whole number from 0 to 20'),
})

const RESPONSE_FORMAT = must('a map with a type: text, json_object or json_schema')
const responseFormat = z.looseObject(
  { type: z.enum(['text', 'json_object', 'json_schema'], { error: RESPONSE_FORMAT }) },
  { error: RESPONSE_FORMAT },
)

/** What a call is made of; another value would make it another call, or one whose answer cannot be read. */
const OWN_FIELDS = ['model', 'messages', 'tools', 'stream', 'stream_options', 'n']

const body = z.record(
  z.string().refine((name) => !OWN_FIELDS.includes(name)),
  z.json({ error: must('a JSON value') }),
  {
    error: ({ code }) =>
      code === 'invalid_key'
        ? 'is no parameter that can be set here'
        : 'must be a map of parameters',
  },
)

export const parameterShape = {
  temperature: between(0, 2).exactOptional(),
  topP: between(0, 1).exactOptional(),
  maxTokens: count(1).exactOptional(),
  maxCompletionTokens: count(1).exactOptional(),
  seed: z.int({ error: must('a whole number') }).exactOptional(),
  stop: stops.exactOptional(),
  stopSequences: stops.exactOptional(),
  reasoningEffort: text.exactOptional(),
  presencePenalty: between(-2, 2).exactOptional(),
  frequencyPenalty: between(-2, 2).exactOptional(),
  logitBias: z
    .record(z.string(), between(-100, 100), { error: must('a map of tokens to numbers') })
    .exactOptional(),
  logprobs: logprobs.exactOptional(),
  topLogprobs: count(0).exactOptional(),
  responseFormat: responseFormat.exactOptional(),
  additionalParams: body.exactOptional(),
  extraBody: body.exactOptional(),
  topK: count(0).exactOptional(),
  minP: between(0, 1).exactOptional(),
  repetitionPenalty: between(0, 10).exactOptional(),
  parallelToolCalls: z.boolean({ error: must('true or false') }).exactOptional(),
  serviceTier: text.exactOptional(),
  verbosity: text.exactOptional(),
  user: text.exactOptional(),
  safetyIdentifier: text.exactOptional(),
  promptCacheKey: text.exactOptional(),
}

type Fields = z.output<z.ZodObject<typeof parameterShape>>

export function toParameters(fields: Fields): ModelParameters {
  const { logprobs: alternatives } = fields
  const extraBody = {
    ...Object.fromEntries(
      PASSED_ON.flatMap((name) =>
        fields[name] === undefined ? [] : [[snakeCase(name), fields[name]]],
      ),
    ),
    ...fields.additionalParams,
    ...fields.extraBody,
  }
  return defined({
    temperature: fields.temperature,
    topP: fields.topP,
    // Two names of OpenAI's for the same limit.
    maxTokens: fields.maxCompletionTokens ?? fields.maxTokens,
    seed: fields.seed,
    stop: fields.stop ?? fields.stopSequences,
    reasoningEffort: fields.reasoningEffort,
    presencePenalty: fields.presencePenalty,
    frequencyPenalty: fields.frequencyPenalty,
    logitBias: fields.logitBias,
    logprobs: typeof alternatives === 'number' ? alternatives > 0 : alternatives,
    topLogprobs:
      fields.topLogprobs ??
      (typeof alternatives === 'number' && alternatives > 0 ? alternatives : undefined),
    responseFormat: fields.responseFormat,
    extraBody: Object.keys(extraBody).length === 0 ? undefined : extraBody,
  })
}
