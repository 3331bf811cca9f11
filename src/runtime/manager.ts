import { type Agent, newAgent } from '../crew/agent.ts'
import type { Crew } from '../crew/crew.ts'
import { CREW_MANAGER } from './prompts.ts'

/** The agent that does every task of a hierarchical crew: the crew's own manager, or a made-up one. */
export function managerOf(crew: Crew): Agent {
  return (
    crew.managerAgent ??
    newAgent({ ...CREW_MANAGER, key: 'manager', llm: crew.managerLlm, allowDelegation: true })
  )
}
