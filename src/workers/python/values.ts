import { z } from 'zod'
import { type EncodedValue, encodeValue, mark } from '../values.ts'

const plainObject = z.record(z.string(), z.unknown())

const held = z.discriminatedUnion('kind', [
  /** A guardrail, a callback, a hook, a condition. */
  z.object({ kind: z.literal('function'), key: z.string(), name: z.string() }),
  /** A model of data. */
  z.object({ kind: z.literal('model'), key: z.string(), name: z.string(), schema: plainObject }),
  /** A language model, which the server calls. `custom_llm`: one whose `call` is the crew's own. */
  z.object({
    kind: z.enum(['llm', 'custom_llm']),
    key: z.string(),
    /** Full name, e.g. `crewai.llm.LLM`. */
    className: z.string(),
    model: z.string(),
    provider: z.string().nullable(),
    baseUrl: z.string().nullable(),
    /** Of the process that it was made in; null: no variable has its key. */
    apiKeyVariable: z.string().nullable(),
    /** Whether it was made with a key, wherever that comes from. */
    hasApiKey: z.boolean(),
    /** `temperature`, `max_tokens` and the like, as the API of OpenAI calls them. */
    parameters: plainObject,
  }),
  /** Something that only Python can use. */
  z.object({ kind: z.literal('object'), className: z.string(), text: z.string() }),
])

/** What a value of Python is that stays in its process. */
export type PythonValue = z.output<typeof held>
export type PythonFunction = Extract<PythonValue, { kind: 'function' }>
export type PythonModel = Extract<PythonValue, { kind: 'model' }>
export type PythonLlm = Extract<PythonValue, { kind: 'llm' | 'custom_llm' }>

const values = new WeakSet<object>()

/** As a worker tells of it. */
export function pythonValue(data: unknown): PythonValue {
  const value = Object.freeze(held.parse(data))
  values.add(value)
  return value
}

/** Whether it is one of Python, and not a map that looks like one. */
export function isPythonValue(value: unknown): value is PythonValue {
  return typeof value === 'object' && value !== null && values.has(value)
}

/** A value for a function in Python: JSON, {@link sentObject} or {@link sentInstance}. */
export type SentValue = EncodedValue

export function sentPlain(value: unknown): SentValue {
  return encodeValue(value, () => null)
}

/** CrewAI's own objects where they are installed, else ones with the same fields. */
export function sentObject(
  className: 'TaskOutput' | 'CrewOutput' | 'AgentAction' | 'AgentFinish',
  fields: Readonly<Record<string, SentValue>>,
): SentValue {
  return mark(['object', className, fields])
}

/** An instance of a model that was loaded. */
export function sentInstance({ key }: PythonModel, value: unknown): SentValue {
  return mark(['made', key, sentPlain(value)])
}
