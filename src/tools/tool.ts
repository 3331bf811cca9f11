import type { z } from 'zod'
import type { JsonSchema } from '../llm/model.ts'
import type { ParsedArguments } from './parse-arguments.ts'

/**
 * What becomes of a call whose outcome is unknown: its process ended while it was under way, by no fault of its own.
 * `retry` makes it again with the same idempotency key, `ask` lets a person decide, `fail` tells the model.
 */
export type OnCrash = 'retry' | 'ask' | 'fail'

/** Whose call it is. The model is shown nothing of it. */
export interface CallContext {
  readonly runId: string
  /** Task name. */
  readonly task: string
  /** Of run and step: the same when the call is made again after a crash, and of no other call. */
  readonly idempotencyKey: string
  /** As the kickoff brought it. */
  readonly meta: Readonly<Record<string, unknown>>
  /** Whose run it is; null: nobody was named. */
  readonly tenant: string | null
  /** Who kicked the run off; null: nobody was named. */
  readonly user: string | null
}

/** What a tool may use besides its arguments. */
export interface ToolContext extends CallContext {
  /** Aborted when the run is stopped, the server shuts down, or `timeoutMs` has passed. */
  readonly signal: AbortSignal
}

/** What a model is told about its call. */
export interface ToolResult {
  readonly text: string
  /** True: the text says why there is no result. */
  readonly failed: boolean
  /** Key of the step whose output the text is; absent: the call's own. */
  readonly outputStep?: string
}

/** Nobody knows whether the call did its work, and its tool wants it not to be made again just so. */
export interface UnknownOutcome {
  /** Why it is not known, as the end of a sentence. */
  readonly unknown: string
}

export interface ToolCallRequest {
  /** JSON text as the model wrote it. */
  readonly arguments: string
  readonly context: CallContext
  readonly signal: AbortSignal
}

/** What of a tool is plain data: it survives JSON, and is joined with the way to call it by its key. */
export interface ToolData {
  /** Where the crew has it, e.g. `tools/search.ts`; unique in the crew. */
  readonly key: string
  /** For people; sanitised for models. */
  readonly name: string
  readonly description: string
  readonly parameters: {
    /** As models are shown it. */
    readonly schema: JsonSchema
  }
  /** True: a successful result is the task's final answer. */
  readonly resultAsAnswer: boolean
  readonly timeoutMs: number
  readonly onCrash: OnCrash
}

/** A tool an agent can call. */
export interface Tool extends ToolData {
  /**
   * Makes a call. Whatever goes wrong with its arguments or in the tool becomes a text for the model.
   *
   * @throws the signal's reason when it is aborted; Error when the run must not go on, because its tools end their
   *   process again and again
   */
  call(request: ToolCallRequest): Promise<ToolResult | UnknownOutcome>
}

/** A tool with its code, which runs in the process that calls it. */
export interface DefinedTool<Parameters extends z.ZodObject = z.ZodObject> extends Tool {
  readonly parameters: {
    readonly schema: JsonSchema
    /** @param text JSON as a model wrote it */
    parse(text: string): Promise<ParsedArguments<z.output<Parameters>>>
  }
  execute(args: z.output<Parameters>, context: ToolContext): unknown
  call(request: ToolCallRequest): Promise<ToolResult>
}
