import { fullName } from '../values/make.ts'
import type { External } from '../values/value.ts'

const LANGCHAIN = /^langchain/

/** Whether it is CrewAI's class of that name, from whichever of its modules. */
export function isCrewai({ module, path }: External, name: string): boolean {
  return /^crewai(\.|$)/.test(module) && path.at(-1) === name
}

/** What a crew is made of, whose fields can be read and set. */
export function isCrewThing(callee: External): boolean {
  return (
    ['Agent', 'Task', 'ConditionalTask', 'Crew', 'LLM'].some((name) => isCrewai(callee, name)) ||
    LANGCHAIN.test(fullName(callee))
  )
}
