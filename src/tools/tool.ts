import { z } from 'zod'

/** What a tool may use besides its arguments. */
export interface ToolContext {
  /** Aborted when the run is stopped, the server shuts down, or `timeoutMs` has passed. */
  readonly signal: AbortSignal
}

export interface ToolDefinition<Parameters extends z.ZodObject> {
  /** For people and models; sanitised for the model (`Search the Web` becomes `search_the_web`). */
  readonly name: string
  /** Tells the model what the tool does and when to use it. */
  readonly description: string
  readonly parameters: Parameters
  /**
   * Does the work. The result goes to the model: a string as it is, anything else as JSON. A thrown error goes to
   * the model as text, so that it can try otherwise.
   */
  execute(args: z.output<Parameters>, context: ToolContext): unknown
  /** True: a successful result is the task's final answer, word for word. Default false. */
  readonly resultAsAnswer?: boolean
  /** In ms, above 0. Default 60 000. */
  readonly timeoutMs?: number
}

/** A tool an agent can call. Make one with {@link defineTool}. */
export interface Tool {
  readonly name: string
  readonly description: string
  readonly parameters: z.ZodObject
  readonly resultAsAnswer: boolean
  readonly timeoutMs: number
  execute(args: unknown, context: ToolContext): unknown
}

const DEFAULT_TIMEOUT_MS = 60_000

/**
 * Defines a tool. `crews/<crew>/tools/<name>.ts` exports it as default, and an agent or task names it in `tools`.
 *
 * @throws TypeError when name, description or parameters are missing
 */
export function defineTool<Parameters extends z.ZodObject>(
  definition: ToolDefinition<Parameters>,
): Tool {
  const { name, description, parameters, resultAsAnswer = false } = definition
  const timeoutMs = definition.timeoutMs ?? DEFAULT_TIMEOUT_MS
  if (!name?.trim() || !description?.trim())
    throw new TypeError('defineTool needs a name and a description')
  if (!(parameters instanceof z.ZodObject))
    throw new TypeError(`defineTool: parameters of ${name} must be a z.object({ … })`)
  if (!(timeoutMs > 0)) throw new TypeError(`defineTool: timeoutMs of ${name} must be above 0`)
  return Object.freeze({
    name,
    description,
    parameters,
    resultAsAnswer,
    timeoutMs,
    execute: definition.execute.bind(definition) as Tool['execute'],
  })
}
