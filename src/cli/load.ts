import type { Config } from '../config.ts'
import type { Crew } from '../crew/crew.ts'
import type { Variables } from '../crew/variables.ts'
import { createModelFinder } from '../llm/model-finder.ts'
import { loadCrews } from '../load/load-crews.ts'
import type { LoadOptions } from '../load/load-folder.ts'
import { isAbout } from '../load/problem.ts'
import { pythonProjects } from '../workers/python/python-projects.ts'
import { describeProblems } from './describe-problems.ts'

interface NamedCrew {
  readonly crew: Crew
  /** The variables that are its own. */
  readonly own: Variables
}

/** With the Python of projects, whose processes keep no command from ending. */
export function loadOptions({ workers, python, models }: Config): LoadOptions {
  const { check: checkModel } = createModelFinder(models)
  return { ...workers, checkModel, python: pythonProjects(python).of }
}

/** The same, with what Python would be asked for at its first call loaded at once, to see whether it can be. */
export function loadAllOptions(config: Config): LoadOptions {
  const { of } = pythonProjects(config.python)
  const python: LoadOptions['python'] = (dir, settings) => ({
    ...of(dir, settings),
    bindLater: async () => null,
  })
  return { ...loadOptions(config), python }
}

/**
 * The crew a command names, by its name or that of its folder. What it is warned of goes to stderr.
 *
 * @throws Error for people when it is not named, not there, or its files have errors
 */
export async function loadNamedCrew(config: Config, name: string | undefined): Promise<NamedCrew> {
  const loading = loadCrews(config.crewsDir, loadOptions(config))
  const { crews, folders, variables, problems } = await loading
  const known = [...crews.keys()].join(', ') || 'none'
  if (name === undefined) throw new Error(`Name a crew. There are: ${known}.`)
  const inFolder = [...crews.values()].filter((one) => folders.get(one.name) === name)
  const crew = crews.get(name) ?? (inFolder.length === 1 ? inFolder[0] : undefined)
  const about = problems.filter((problem) => isAbout(problem, name))
  const lines = describeProblems(about, config.crewsDir, process.stderr)
  if (crew !== undefined) {
    for (const line of lines) console.error(line)
    return { crew, own: variables.get(crew.name) ?? {} }
  }
  if (inFolder.length > 1)
    throw new Error(
      `The folder ${name} has several crews: ${inFolder.map((one) => one.name).join(', ')}. Name one.`,
    )
  throw new Error(
    lines.join('\n') || `There is no crew ${name} in ${config.crewsDir}. There are: ${known}.`,
  )
}
