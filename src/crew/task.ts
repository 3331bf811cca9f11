import type { Tool } from '../tools/tool.ts'

export interface Task {
  /** Its key in the crew's files, e.g. `research_task`; AMP's `task_id`. Unique in the crew. */
  readonly name: string
  /** Description, expected output and output file may hold `{placeholders}`. */
  readonly description: string
  readonly expectedOutput: string
  /** Key of the agent; null only in a hierarchical crew, where the manager picks. */
  readonly agent: string | null
  /** Names of the tasks whose outputs are given; null: of all earlier tasks. */
  readonly context: readonly string[] | null
  /** Used instead of the agent's when not empty. */
  readonly tools: readonly Tool[]
  /** True: a person reviews the answer before the run goes on. */
  readonly humanInput: boolean
  readonly outputFile: string | null
}

/** Its fields that may hold `{placeholders}`. */
export const TASK_TEXTS = ['description', 'expectedOutput', 'outputFile'] as const

/** What a task is when its files do not say. */
export const TASK_DEFAULTS = Object.freeze({
  context: null,
  tools: [],
  humanInput: false,
  outputFile: null,
} as const)

type Texts = Pick<Task, 'name' | 'description' | 'expectedOutput' | 'agent'>

/** A task of which only its texts, and what differs from the defaults, are told. */
export function newTask(given: Texts & Partial<Task>): Task {
  return { ...TASK_DEFAULTS, ...given }
}
