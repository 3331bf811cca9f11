import type { Tool } from '../../tools/tool.ts'
import type { PythonReference } from '../../workers/python/reference.ts'
import { isMap } from '../source.ts'

/** How `tools:` says which tool is meant: by a name, or by what only Python can tell. */
export type ToolReference = string | PythonReference

/** Where what stands in `tools:` leads. Of several sources the first that has it counts. */
export interface ToolSource {
  /**
   * One tool mostly; a Python value may be a list of them. Undefined: there is no such tool here. Null: it cannot be
   * loaded, which is already reported.
   */
  find(reference: ToolReference): readonly Tool[] | null | undefined
  /** Everything that can be found, for people. */
  readonly names: readonly string[]
}

/** Whether a value is a tool that can be called. */
export function isTool(value: unknown): value is Tool {
  return isMap(value) && typeof value['call'] === 'function' && typeof value['key'] === 'string'
}

export const TOOLS_FOLDER = 'tools'

/** How CrewAI's JSON crews name a tool of their own. */
export const CUSTOM_PREFIX = 'custom:'

/** `search` for `search` and for `custom:search`. */
export function toolName(reference: string): string {
  return reference.startsWith(CUSTOM_PREFIX) ? reference.slice(CUSTOM_PREFIX.length) : reference
}
