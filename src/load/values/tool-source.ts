import type { Tool } from '../../tools/tool.ts'
import type { PythonReference } from '../../workers/python/reference.ts'

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
