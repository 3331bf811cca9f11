import type { Tool } from '../tools/tool.ts'

/** Where the names in `tools:` lead. Of several sources the first that has a name counts. */
export interface ToolSource {
  /** Undefined: there is no such tool here. Null: it cannot be loaded, which is already reported. */
  find(reference: string): Tool | null | undefined
  /** Everything that can be found, for people. */
  readonly names: readonly string[]
}
