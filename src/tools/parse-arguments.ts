import type { z } from 'zod'
import { messageOf } from '../errors.ts'

/** How much of a malformed text is quoted to the model. */
const MAX_QUOTED_CHARS = 200

export type ParsedArguments<T> = { readonly value: T } | { readonly error: string }

/**
 * Reads the arguments of a tool call. They are never repaired: what was cut off on its way must not run. (An object
 * cut short is no JSON, so a text that parses is whole.) Blank text counts as `{}`: some models call tools without
 * parameters so. The error is for the model: it says what is wrong and what would be right.
 */
export async function parseArguments<Schema extends z.ZodType>(
  parameters: Schema,
  text: string,
): Promise<ParsedArguments<z.output<Schema>>> {
  const json = parseObject(text.trim() || '{}')
  if ('error' in json) return json
  const result = await parameters.safeParseAsync(json.value)
  if (result.success) return { value: result.data }
  const problems = result.error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || 'the arguments'}: ${message}`,
  )
  return {
    error: `The arguments do not fit the tool's parameters. ${problems.join('; ')}. Call it again with arguments that do.`,
  }
}

/** True for the text of a JSON object. */
export function isJsonObject(text: string): boolean {
  return 'value' in parseObject(text)
}

function parseObject(text: string): ParsedArguments<object> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value }
    return { error: notAnObject(text, 'it is another kind of JSON') }
  } catch (error) {
    return { error: notAnObject(text, messageOf(error)) }
  }
}

function notAnObject(text: string, reason: string): string {
  const start = text.slice(0, MAX_QUOTED_CHARS).toWellFormed()
  return `The arguments must be one JSON object, and this is not (${reason}): ${start}${text.length > MAX_QUOTED_CHARS ? '…' : ''}`
}
