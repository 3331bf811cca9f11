import type { Agent } from '../crew/agent.ts'
import { type Crew, findAgent, type Inputs } from '../crew/crew.ts'
import { interpolate } from '../crew/inputs.ts'
import { managerOf } from '../runtime/manager.ts'

/** Of a role where it is shown as a name: with the inputs filled in it may have any length. */
const MAX_ROLE_CHARACTERS = 200

/** What a reader is told an agent is called: its role, with the inputs filled in. */
export function roleOf(crew: Crew, inputs: Inputs, agentKey: string): string {
  const agent = findAgentOrManager(crew, agentKey)
  return agent === undefined ? agentKey : shortened(interpolate(agent.role, inputs))
}

function findAgentOrManager(crew: Crew, key: string): Agent | undefined {
  const known = findAgent(crew, key)
  if (known !== undefined || crew.process !== 'hierarchical') return known
  const manager = managerOf(crew)
  return manager.key === key ? manager : undefined
}

function shortened(role: string): string {
  return role.length <= MAX_ROLE_CHARACTERS
    ? role
    : `${role.slice(0, MAX_ROLE_CHARACTERS).toWellFormed()}…`
}

export interface TaskTexts {
  readonly description: string
  readonly expectedOutput: string
}

/** The texts of a task, with the inputs filled in. */
export function textsOf(crew: Crew, inputs: Inputs, taskName: string): TaskTexts {
  const task = crew.tasks.find(({ name }) => name === taskName)
  return {
    description: interpolate(task?.description ?? '', inputs),
    expectedOutput: interpolate(task?.expectedOutput ?? '', inputs),
  }
}
