import type { Agent } from '../crew/agent.ts'
import { type Crew, findAgent } from '../crew/crew.ts'
import type { Task } from '../crew/task.ts'
import { managerOf } from './manager.ts'

export interface Assignment {
  /** Does the task. */
  readonly agent: Agent
  /** Those it can give work to. */
  readonly coworkers: readonly Agent[]
}

/**
 * Who does a task. In a hierarchical crew always the manager; the task's own agent, if any, is then the only one it
 * can delegate to.
 *
 * @throws Error when the crew has no such agent
 */
export function assignTask(crew: Crew, task: Task): Assignment {
  const own = task.agent === null ? null : agentOf(crew, task, task.agent)
  if (crew.process === 'hierarchical')
    return { agent: managerOf(crew), coworkers: own ? [own] : crew.agents }
  if (!own)
    throw new Error(`The task "${task.name}" has no agent; in a sequential crew it needs one.`)
  const others = crew.agents.filter((agent) => agent !== own)
  return { agent: own, coworkers: own.allowDelegation ? others : [] }
}

function agentOf(crew: Crew, task: Task, key: string): Agent {
  const agent = findAgent(crew, key)
  if (agent) return agent
  const known = crew.agents.map((other) => other.key).join(', ')
  throw new Error(
    `The task "${task.name}" is for the agent ${key}; the crew's agents are: ${known}.`,
  )
}
