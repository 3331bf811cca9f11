import type { Crew } from '../crew/crew.ts'
import type { Models } from '../llm/models.ts'
import { managerOf } from '../runtime/manager.ts'

/** What keeps the models of these crews from being used, a line each; the runs that need one would fail. */
export function modelProblems(crews: Iterable<Crew>, models: Models): readonly string[] {
  return [...crews].flatMap((crew) => {
    const managers = crew.process === 'hierarchical' ? [managerOf(crew)] : []
    const problems = [...crew.agents, ...managers].flatMap(({ llm }) => models.check(llm) ?? [])
    const messages = new Set(problems.map(({ message }) => message))
    return [...messages].map((message) => `${crew.name}: ${message}`)
  })
}
