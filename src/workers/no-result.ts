import { timedOut, toolFailed } from '../tools/call-tool.ts'
import type { ToolResult } from '../tools/tool.ts'
import type { Work } from './protocol.ts'

/**
 * How it is told that there is no result: to a model, or to us.
 *
 * @param reason as the end of a sentence
 */
export function noResult(work: Work, reason: string): ToolResult {
  return work === 'tool' ? toolFailed(reason) : { text: reason, failed: true }
}

export function noResultWithin(work: Work, timeoutMs: number): ToolResult {
  if (work === 'tool') return timedOut(timeoutMs)
  return noResult(work, `it gave no result within ${timeoutMs / 1000} s`)
}
