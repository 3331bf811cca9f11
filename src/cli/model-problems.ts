import type { Crew } from '../crew/crew.ts'
import type { Models } from '../llm/models.ts'
import type { LoadedCrews } from '../load/load-crews.ts'
import { managerOf } from '../runtime/manager.ts'

/**
 * What keeps the models of these crews from being used, a line each; the runs that need one would fail.
 *
 * @param variables of each crew alone, by its name
 */
export function modelProblems(
  crews: Iterable<Crew>,
  models: Models,
  variables: LoadedCrews['variables'],
): readonly string[] {
  return [...crews].flatMap((crew) => {
    const own = variables.get(crew.name) ?? {}
    const managers = crew.process === 'hierarchical' ? [managerOf(crew)] : []
    const agents = [...crew.agents, ...managers]
    const problems = agents.flatMap(({ llm }) => models.check(llm, { own }) ?? [])
    const messages = new Set(problems.map(({ message }) => message))
    return [...messages].map((message) => `${crew.name}: ${message}`)
  })
}
