import { messageOf } from '../errors.ts'
import { capText } from './cap-text.ts'
import { parseArguments } from './parse-arguments.ts'
import type { Tool } from './tool.ts'

/** What a model is told about its call. */
export interface ToolResult {
  readonly text: string
  /** True: the text says why there is no result. */
  readonly failed: boolean
  /** Key of the step whose output the text is; absent: the call's own. */
  readonly outputStep?: string
}

/** A longer text would fill the context window of most models. */
const MAX_RESULT_CHARS = 100_000
/** The longest time a Node timer can be set for, in ms; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * Calls a tool with arguments as a model wrote them. Whatever goes wrong with them or in the tool becomes a text for
 * the model. A tool that has timed out is not waited for, but only stops when it heeds its signal.
 *
 * @throws the signal's reason when it is aborted, and nothing else
 */
export async function callTool(
  tool: Tool,
  argumentsText: string,
  signal: AbortSignal,
): Promise<ToolResult> {
  signal.throwIfAborted()
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), Math.min(tool.timeoutMs, MAX_TIMER_MS))
  const either = AbortSignal.any([signal, timeout.signal])
  try {
    return await Promise.race([execute(tool, argumentsText, either), aborted(either)])
  } catch (error) {
    signal.throwIfAborted()
    if (timeout.signal.aborted)
      return failure(`The tool gave no result within ${tool.timeoutMs / 1000} s.`)
    return failure(`The tool failed: ${messageOf(error)}`)
  } finally {
    clearTimeout(timer)
  }
}

async function execute(tool: Tool, text: string, signal: AbortSignal): Promise<ToolResult> {
  const parsed = await parseArguments(tool.parameters, text)
  if ('error' in parsed) return failure(parsed.error)
  const result = toText(await tool.execute(parsed.value, { signal }))
  // The final answer is for people: it is not cut.
  return { text: tool.resultAsAnswer ? result : capText(result, MAX_RESULT_CHARS), failed: false }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function failure(text: string): ToolResult {
  return { text: capText(text.toWellFormed(), MAX_RESULT_CHARS), failed: true }
}

function toText(result: unknown): string {
  const text = typeof result === 'string' ? result : JSON.stringify(result)
  // JSON has no text for undefined, functions and symbols.
  return text === undefined ? '(no result)' : text.toWellFormed()
}
