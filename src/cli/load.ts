import type { Config } from '../config.ts'
import type { Crew } from '../crew/crew.ts'
import { loadCrews } from '../load/load-crews.ts'
import { isAbout } from '../load/problem.ts'
import { describeProblems } from './describe-problems.ts'

/**
 * The crew a command names.
 *
 * @throws Error for people when it is not named, not there, or its files have errors
 */
export async function loadNamedCrew(config: Config, name: string | undefined): Promise<Crew> {
  const { crews, problems } = await loadCrews(config.crewsDir, config.workers)
  const known = [...crews.keys()].join(', ') || 'none'
  if (name === undefined) throw new Error(`Name a crew. There are: ${known}.`)
  const crew = crews.get(name)
  if (crew !== undefined) return crew
  const own = problems.filter((problem) => isAbout(problem, name))
  throw new Error(
    describeProblems(own, config.crewsDir).join('\n') ||
      `There is no crew ${name} in ${config.crewsDir}. There are: ${known}.`,
  )
}
