import { estimateUsage } from './estimate-usage.ts'
import { ModelError, type ModelReply, type ModelRequest, type ToolCall } from './model.ts'

interface ScriptedToolCall {
  /** A tool that the request offers. */
  readonly name: string
  /** An object, or the JSON text as the model would write it (it may be malformed on purpose). */
  readonly arguments: Readonly<Record<string, unknown>> | string
  /** False: the model makes up a tool, and the request must not offer one of this name. */
  readonly offered?: false
}

/** What the model answers; `error` is thrown as a {@link ModelError}. */
export type ScriptedReply =
  | { readonly content: string; readonly toolCalls?: readonly ScriptedToolCall[] }
  | { readonly content?: string; readonly toolCalls: readonly ScriptedToolCall[] }
  | { readonly error: string }

/** What a step may look at. A copy: it is frozen, and holds what survives JSON. */
type Look<T> = (request: ModelRequest) => T

/**
 * One call to the model: its reply, with an optional check of the request (`expect` throws to fail), or a function
 * that looks at the request and gives the reply. Both may be asynchronous, for example to hold a call back.
 */
export type ScriptedStep =
  | (ScriptedReply & { readonly expect?: Look<unknown> })
  | Look<ScriptedReply | Promise<ScriptedReply>>

const REPLY_KEYS: readonly string[] = ['content', 'toolCalls', 'error']
const STEP_KEYS: readonly string[] = [...REPLY_KEYS, 'expect']
const CALL_KEYS: readonly string[] = ['name', 'arguments', 'offered']

/**
 * The types say the same; but a script that is loosely typed must not be half understood.
 *
 * @throws TypeError when the step is malformed
 */
export function checkStep(step: ScriptedStep, where: string): void {
  if (typeof step === 'function') return
  checkKeys(step, STEP_KEYS, where)
  if ('expect' in step && typeof step.expect !== 'function')
    throw malformed(where, 'expect must be a function of the request')
  const { expect: _, ...reply } = step
  checkReply(reply, where)
}

/** @throws TypeError when the reply is malformed */
export function checkReply(reply: ScriptedReply, where: string): void {
  checkKeys(reply, REPLY_KEYS, where)
  if ('error' in reply) {
    if (typeof reply.error === 'string' && Object.keys(reply).length === 1) return
    throw malformed(where, 'error must be a text that stands alone')
  }
  const { content, toolCalls } = reply
  if (content === undefined && toolCalls === undefined)
    throw malformed(where, 'it is empty; give content, toolCalls or error')
  if (content !== undefined && typeof content !== 'string')
    throw malformed(where, 'content must be a text')
  if (toolCalls !== undefined) checkCalls(toolCalls, where)
}

/**
 * @param call number of the call, from 1
 * @throws ModelError when the script says so; Error when it calls a tool that the request does not offer
 */
export function toModelReply(
  reply: ScriptedReply,
  request: ModelRequest,
  call: number,
): ModelReply {
  if ('error' in reply) throw new ModelError(reply.error)
  const content = reply.content ?? null
  const toolCalls = (reply.toolCalls ?? []).map((toolCall, index): ToolCall => {
    checkOffered(toolCall, request, call)
    const { name, arguments: args } = toolCall
    const text = typeof args === 'string' ? args : JSON.stringify(args)
    return { id: `call_${call}_${index + 1}`, name, arguments: text }
  })
  return {
    content,
    toolCalls,
    finishReason: toolCalls.length > 0 ? 'tool_calls' : 'stop',
    usage: estimateUsage(request, { content, toolCalls }),
  }
}

function checkCalls(calls: readonly ScriptedToolCall[], where: string): void {
  if (!Array.isArray(calls) || calls.length === 0)
    throw malformed(where, 'toolCalls must be a list of at least one call')
  for (const call of calls) {
    checkKeys(call, CALL_KEYS, where)
    if (!call.name || !(typeof call.arguments === 'string' || isObject(call.arguments)))
      throw malformed(where, 'a tool call needs a name, and arguments as object or JSON text')
  }
}

function checkKeys(value: unknown, allowed: readonly string[], where: string): void {
  if (!isObject(value)) throw malformed(where, 'it must be an object')
  const unknown = Object.keys(value).find((key) => !allowed.includes(key))
  if (unknown !== undefined)
    throw malformed(where, `the key ${unknown} is unknown; keys are ${allowed.join(', ')}`)
}

function malformed(where: string, problem: string): TypeError {
  return new TypeError(`Scripted model, ${where}: ${problem}.`)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function checkOffered(toolCall: ScriptedToolCall, request: ModelRequest, call: number): void {
  const names = (request.tools ?? []).map((tool) => tool.name)
  if (names.includes(toolCall.name) === (toolCall.offered ?? true)) return
  const wrong = toolCall.offered === false ? 'which it should not offer' : 'which it does not offer'
  throw new Error(
    `Scripted model, step ${call} calls the tool ${toolCall.name} of the request ${request.idempotencyKey}, ${wrong}. Offered: ${names.join(', ') || 'none'}.`,
  )
}
