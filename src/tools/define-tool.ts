import { z } from 'zod'
import { messageOf } from '../errors.ts'
import type { JsonSchema } from '../llm/model.ts'
import { callTool } from './call-tool.ts'
import { parseArguments } from './parse-arguments.ts'
import type { DefinedTool, OnCrash, ToolCallRequest, ToolContext } from './tool.ts'
import { toolSchema } from './tool-schema.ts'

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
  /** Default `retry`: a tool that must not act twice uses `idempotencyKey`, or `ask` or `fail` here. */
  readonly onCrash?: OnCrash
}

const DEFAULT_TIMEOUT_MS = 60_000
/** The longest time a Node timer can be set for, in ms; a longer one would fire at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1
const ON_CRASH: readonly OnCrash[] = ['retry', 'ask', 'fail']

/**
 * Defines a tool. `crews/<crew>/tools/<name>.ts` exports it as default, and an agent or task names it in `tools`.
 *
 * @throws TypeError when name, description or parameters are missing, or cannot be told to a model
 */
export function defineTool<Parameters extends z.ZodObject>(
  definition: ToolDefinition<Parameters>,
): DefinedTool<Parameters> {
  const { name, description, parameters, resultAsAnswer = false, onCrash = 'retry' } = definition
  const timeoutMs = definition.timeoutMs ?? DEFAULT_TIMEOUT_MS
  if (!name?.trim() || !description?.trim())
    throw new TypeError('defineTool needs a name and a description')
  if (!(parameters instanceof z.ZodObject))
    throw new TypeError(`defineTool: parameters of ${name} must be a z.object({ … })`)
  if (!(timeoutMs > 0)) throw new TypeError(`defineTool: timeoutMs of ${name} must be above 0`)
  if (!ON_CRASH.includes(onCrash))
    throw new TypeError(`defineTool: onCrash of ${name} must be one of ${ON_CRASH.join(', ')}`)
  const tool: DefinedTool<Parameters> = Object.freeze({
    key: name,
    name,
    description,
    parameters: Object.freeze({
      schema: schemaOf(name, parameters),
      parse: (text: string) => parseArguments(parameters, text),
    }),
    resultAsAnswer,
    timeoutMs: Math.min(timeoutMs, MAX_TIMEOUT_MS),
    onCrash,
    execute: (args: z.output<Parameters>, context: ToolContext) =>
      definition.execute(args, context),
    call: (request: ToolCallRequest) => callTool(tool, request),
  })
  return tool
}

function schemaOf(name: string, parameters: z.ZodObject): JsonSchema {
  try {
    return toolSchema(parameters)
  } catch (cause) {
    throw new TypeError(
      `defineTool: parameters of ${name} cannot be told to a model: ${messageOf(cause)}`,
      { cause },
    )
  }
}
