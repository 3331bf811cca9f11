import { DEFAULT_CHOICE, type ModelChoice } from '../llm/model-choice.ts'
import type { Tool } from '../tools/tool.ts'

/** CrewAI's code; its docs say 20. */
export const DEFAULT_MAX_ITER = 25

export interface Agent {
  /** Its name in the crew's files, e.g. `researcher`. */
  readonly key: string
  /** Role, goal and backstory may hold `{placeholders}`. */
  readonly role: string
  readonly goal: string
  readonly backstory: string
  readonly llm: ModelChoice
  /** Used by tasks that bring none of their own. */
  readonly tools: readonly Tool[]
  /** Model calls per task before the final answer is forced. Default {@link DEFAULT_MAX_ITER}. */
  readonly maxIter: number
  /** Gives the agent the two coworker tools. */
  readonly allowDelegation: boolean
}

/** Its fields that may hold `{placeholders}`. */
export const AGENT_TEXTS = ['role', 'goal', 'backstory'] as const

/** What an agent is when its files do not say. */
export const AGENT_DEFAULTS = Object.freeze({
  llm: DEFAULT_CHOICE,
  tools: [],
  maxIter: DEFAULT_MAX_ITER,
  allowDelegation: false,
} as const)

type Texts = Pick<Agent, 'key' | 'role' | 'goal' | 'backstory'>

/** An agent of which only its texts, and what differs from the defaults, are told. */
export function newAgent(given: Texts & Partial<Agent>): Agent {
  return { ...AGENT_DEFAULTS, ...given }
}
