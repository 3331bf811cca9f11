import type { CallContext, Tool, ToolResult, UnknownOutcome } from '../../src/tools/tool.ts'
import { toolContext } from '../../src/tools/tool-context.ts'

interface CallParts {
  readonly context?: Partial<CallContext>
  readonly signal?: AbortSignal
}

/** Calls a tool as an agent does, for the run `test` unless a test says otherwise. */
export async function callOf(
  tool: Tool | undefined,
  args: object,
  { context = {}, signal = new AbortController().signal }: CallParts = {},
): Promise<ToolResult | UnknownOutcome> {
  if (tool === undefined) throw new Error('There is no tool to call.')
  const { signal: _, ...made } = toolContext(context)
  return tool.call({ arguments: JSON.stringify(args), context: made, signal })
}
