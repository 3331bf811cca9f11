/** OpenAI's limit for function names; the other providers take the same. */
const MAX_LENGTH = 64

/**
 * The name a model is told: `Search the Web` and `searchTheWeb` become `search_the_web`. Only `[a-z0-9_]`, at most 64
 * characters; empty when nothing of that is in the name. A sanitised name stays as it is.
 * Source: CrewAI's `sanitize_tool_name`.
 */
export function sanitizeToolName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{Mark}|['"]/gu, '')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_/, '')
    .slice(0, MAX_LENGTH)
    .replace(/_$/, '')
}
