import { z } from 'zod'
import type { CallContext } from '../tools/tool.ts'
import type { EncodedValue } from './values.ts'

/**
 * What a server and a worker say to each other: JSON, a message a line. A worker is a process that holds the code of
 * one crew, in whatever language that is written.
 */
export type Request =
  | { readonly op: 'load'; readonly references: readonly Reference[] }
  | ({ readonly op: 'call' } & CallMessage)
  /** Aborts the signal of a call. Answered with `cancelled`, which shows that the worker still listens. */
  | { readonly op: 'cancel'; readonly id: number }

/** A part of a crew's code that the server asks for. */
export interface Reference {
  /** Its file, relative to the crew's folder, e.g. `tools/search.ts`. */
  readonly key: string
}

export interface CallMessage {
  readonly id: number
  /** Key of the tool. */
  readonly key: string
  /** JSON text as the model wrote it. */
  readonly arguments: string
  readonly context: CallContext
}

const toolData = z.object({
  key: z.string(),
  name: z.string(),
  description: z.string(),
  parameters: z.object({ schema: z.record(z.string(), z.unknown()) }),
  resultAsAnswer: z.boolean(),
  timeoutMs: z.number(),
  onCrash: z.enum(['retry', 'ask', 'fail']),
})

const loaded = z.union([
  z.object({ key: z.string(), error: z.string() }),
  /** The value, and the tools that it holds. */
  z.object({ key: z.string(), value: z.custom<EncodedValue>(), tools: z.array(toolData) }),
])

const loading = z.object({
  loaded: z.array(loaded),
  /** Over everything of the crew's own that was loaded so far, also what the references import. */
  codeHash: z.string(),
})

/** Id of a call. Null: code ran on its own account. `unknown`: it cannot be told whose code it was. */
const suspect = z.union([z.number(), z.null(), z.literal('unknown')])

export const reply = z.discriminatedUnion('type', [
  /** Comes before each reference, so that it is known whose code ended the worker. */
  z.object({ type: z.literal('loading'), key: z.string() }),
  loading.extend({ type: z.literal('loaded') }),
  z.object({
    type: z.literal('result'),
    id: z.number(),
    result: z.object({ text: z.string(), failed: z.boolean() }),
  }),
  z.object({ type: z.literal('cancelled'), id: z.number() }),
  /** Code ran into trouble outside of its call; what is in flight may go on. */
  z.object({ type: z.literal('threw'), call: z.number().nullable(), reason: z.string() }),
  /** The last words of a worker. */
  z.object({ type: z.literal('ends'), call: suspect, reason: z.string() }),
  /** Nothing else runs there for a while, because of this call. */
  z.object({ type: z.literal('blocked'), call: suspect }),
  z.object({ type: z.literal('unblocked') }),
  /** Its memory gets short. */
  z.object({ type: z.literal('grows'), reason: z.string() }),
])

export type Reply = z.output<typeof reply>
export type Loaded = z.output<typeof loaded>
export type Loading = z.output<typeof loading>
export type Suspect = z.output<typeof suspect>
