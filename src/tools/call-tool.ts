import { messageOf } from '../errors.ts'
import { orAborted } from '../llm/abort.ts'
import { capText } from './cap-text.ts'
import type { DefinedTool, ToolCallRequest, ToolContext, ToolResult } from './tool.ts'

/** A longer text would fill the context window of most models. */
const MAX_RESULT_CHARS = 100_000
/** The final answer is for people and is not cut, but has to get from one process to another. */
const MAX_ANSWER_CHARS = 4_000_000

/**
 * Calls a tool in this process. One that has timed out is not waited for, but only stops when it heeds its signal.
 *
 * @throws the signal's reason when it is aborted, and nothing else
 */
export async function callTool(
  tool: DefinedTool,
  { arguments: text, context, signal }: ToolCallRequest,
): Promise<ToolResult> {
  signal.throwIfAborted()
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), tool.timeoutMs)
  const either = AbortSignal.any([signal, timeout.signal])
  try {
    return await orAborted(executeTool(tool, text, { ...context, signal: either }), either)
  } catch {
    signal.throwIfAborted()
    return timedOut(tool.timeoutMs)
  } finally {
    clearTimeout(timer)
  }
}

/** Whatever goes wrong with the arguments or in the tool becomes a text for the model. Never rejects. */
export async function executeTool(
  tool: DefinedTool,
  text: string,
  context: ToolContext,
): Promise<ToolResult> {
  try {
    const parsed = await tool.parameters.parse(text)
    if ('error' in parsed) return failure(parsed.error)
    context.signal.throwIfAborted()
    const result = toText(await tool.execute(parsed.value, context))
    const maxChars = tool.resultAsAnswer ? MAX_ANSWER_CHARS : MAX_RESULT_CHARS
    return { text: capText(result, maxChars), failed: false }
  } catch (error) {
    return toolFailed(messageOf(error))
  }
}

/** @param reason as the end of a sentence */
export function toolFailed(reason: string): ToolResult {
  return failure(`The tool failed: ${reason}`)
}

export function timedOut(timeoutMs: number): ToolResult {
  return failure(`The tool gave no result within ${timeoutMs / 1000} s.`)
}

function failure(text: string): ToolResult {
  return { text: capText(text.toWellFormed(), MAX_RESULT_CHARS), failed: true }
}

function toText(result: unknown): string {
  const text = typeof result === 'string' ? result : JSON.stringify(result)
  // JSON has no text for undefined, functions and symbols.
  return text === undefined ? '(no result)' : text.toWellFormed()
}
