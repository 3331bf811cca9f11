import type { Usage } from '../llm/model.ts'

export interface TaskOutput {
  readonly name: string
  /** With the inputs filled in, like `expectedOutput`. */
  readonly description: string
  readonly expectedOutput: string
  /** First ten words of the description and `...` (CrewAI's `TaskOutput.set_summary`). */
  readonly summary: string
  readonly raw: string
  /** Role of the agent that did it, inputs filled in; in a hierarchical crew the manager's. */
  readonly agent: string
  /** From the start to the end, without waits for a person. */
  readonly executionTimeMs: number
  readonly usage: Usage
}

export interface CrewOutput {
  /** The last non-empty task output. */
  readonly raw: string
  /** Key of the step that it is the output of. */
  readonly outputStep: string
  readonly tasks: readonly TaskOutput[]
  readonly usage: Usage
}

/** A longer text that a model or a tool came to is cut: it would fill any model's context, and the disk. */
export const MAX_OUTPUT_CHARACTERS = 1_000_000

const SUMMARY_WORDS = 10

export function summaryOf(description: string): string {
  return `${description.trim().split(/\s+/).slice(0, SUMMARY_WORDS).join(' ')}...`
}
