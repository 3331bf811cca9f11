import type { Agent } from '../../crew/agent.ts'
import type { CrewHost } from '../../crew/host.ts'
import type { Usage } from '../../llm/model.ts'
import type { Toolbox } from '../../tools/toolbox.ts'

/** What all work on one task shares, whoever does it. */
export interface TaskExecution {
  readonly host: CrewHost
  /** Task name; delegated work counts for the task it was delegated from. */
  readonly task: string
  /** Of the crew. */
  readonly retryHorizonMs: number | null
  /** Adds to what the task has used. */
  countUsage(usage: Usage): void
  /** Adds to the time that the task has waited for people, in ms. */
  countWait(waitedMs: number): void
}

/** One agent at work: on a task, or on a piece of it that a coworker delegated. */
export interface AgentExecution extends TaskExecution {
  /** Inputs filled in. */
  readonly agent: Agent
  /** Start of the keys of its steps, unique in the run: `research_task/1`. */
  readonly key: string
  readonly tools: Toolbox
}
