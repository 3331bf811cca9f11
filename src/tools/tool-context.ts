import type { ToolContext } from './tool.ts'

/** What a tool may use besides its arguments, made up: for tests that call a tool themselves. */
export function toolContext(parts: Partial<ToolContext> = {}): ToolContext {
  return {
    signal: new AbortController().signal,
    runId: 'test',
    task: 'test_task',
    idempotencyKey: 'test/test_task/1/tool/1.1',
    meta: {},
    tenant: null,
    user: null,
    ...parts,
  }
}
