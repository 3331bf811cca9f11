import { type ExpectedProject, expectedProjects } from './expected-projects.ts'
import { differences } from './our-crews.ts'
import type { Python } from './python.ts'
import type { Tally } from './tally.ts'

interface Dumped {
  readonly project: string
  readonly crews?: Readonly<Record<string, unknown>>
  readonly error?: string
}

/** The crews that CrewAI builds of the fixtures against those that are written down, and against ours. */
export async function compareCrews(python: Python, root: string, tally: Tally): Promise<void> {
  const projects = expectedProjects(root)
  const folders = projects.map(({ folder }) => folder)
  const lines = await python.run('dump_crews.py', folders)
  const dumped = new Map(
    lines.map((line) => {
      const one: Dumped = JSON.parse(line)
      return [one.project, one] as const
    }),
  )
  for (const project of projects) await compareProject(project, dumped.get(project.name), tally)
}

async function compareProject(
  project: ExpectedProject,
  { crews: theirs, error = 'gave no answer' }: Partial<Dumped> = {},
  tally: Tally,
): Promise<void> {
  const { name, crews, refusedByCrewai } = project
  if (refusedByCrewai !== undefined) {
    if (theirs === undefined) tally.pass()
    else tally.fail(`the project ${name}`, `is taken, although ${refusedByCrewai}`)
    return
  }
  if (theirs === undefined) return tally.fail(`the project ${name}`, error)
  tally.compare(`what is written down of ${name}`, crews, theirs)
  const found = await differences(project, theirs)
  if (found.length === 0) tally.pass()
  else tally.fail(`our reading of ${name}`, found.join('; '))
}
