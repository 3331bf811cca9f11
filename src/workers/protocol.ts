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
  /** Nobody waits for a call any more: its signal is aborted, or whatever a language has for it. Answered with `cancelled`, which shows that the worker still listens. */
  | { readonly op: 'cancel'; readonly id: number }

/** A part of a crew's code that the server asks for. */
export interface Reference {
  /** Unique in the crew, e.g. its file relative to the crew's folder, `tools/search.ts`. */
  readonly key: string
}

/**
 * What a call does with what its key stands for: it calls a tool with arguments from a model, or a function with values,
 * checks a value against a model of data, or lets a language model of the crew's own answer.
 */
export type Work = 'tool' | 'apply' | 'validate' | 'complete'

export interface CallMessage {
  readonly id: number
  /** Of what is called. */
  readonly key: string
  readonly do: Work
  /** JSON text; of a tool as the model wrote it. */
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

/** A package that the code needs and its environment does not have. */
const missingPackage = z.object({
  package: z.string(),
  /** What installs it, to be run in the crew's folder. */
  command: z.string(),
})

const loaded = z.union([
  z.object({ key: z.string(), error: z.string(), missing: missingPackage.optional() }),
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

/** What runs the code. */
const interpreter = z.object({
  version: z.string(),
  /** The environment that its packages are installed in. */
  prefix: z.string(),
  executable: z.string(),
})

export const reply = z.discriminatedUnion('type', [
  /** The first word of a worker whose language has more than one interpreter. */
  z.object({ type: z.literal('hello'), ...interpreter.shape }),
  /** Comes before each reference, so that it is known whose code ended the worker. */
  z.object({ type: z.literal('loading'), key: z.string() }),
  loading.extend({ type: z.literal('loaded') }),
  z.object({
    type: z.literal('result'),
    id: z.number(),
    /** The text is JSON unless the work was that of a tool, or it has failed. */
    result: z.object({ text: z.string(), failed: z.boolean() }),
  }),
  /** The call has to wait there, until others have ended. Its time runs from `begun` on. */
  z.object({ type: z.literal('queued'), id: z.number() }),
  z.object({ type: z.literal('begun'), id: z.number() }),
  /** A line that code has printed, where it can be told for which call. */
  z.object({
    type: z.literal('printed'),
    call: z.number().nullable(),
    stream: z.enum(['stdout', 'stderr']),
    line: z.string(),
  }),
  z.object({ type: z.literal('cancelled'), id: z.number() }),
  /** Code ran into trouble outside of its call; what is in flight may go on. */
  z.object({ type: z.literal('threw'), call: z.number().nullable(), reason: z.string() }),
  /** The last words of a worker. */
  z.object({ type: z.literal('ends'), call: suspect, reason: z.string() }),
  /** Nothing else runs there for a while, because of this call. */
  z.object({ type: z.literal('blocked'), call: suspect }),
  z.object({ type: z.literal('unblocked') }),
  /** It should be replaced: its memory gets short, or calls do not end there; nobody's fault, or that of a call. */
  z.object({ type: z.literal('worn'), call: z.number().nullable(), reason: z.string() }),
])

export type Reply = z.output<typeof reply>
export type Printed = Extract<Reply, { type: 'printed' }>
export type Interpreter = z.output<typeof interpreter>
export type MissingPackage = z.output<typeof missingPackage>
export type Loaded = z.output<typeof loaded>
export type Loading = z.output<typeof loading>
export type Suspect = z.output<typeof suspect>
