import { expectedProjects } from './expected-projects.ts'
import type { Python } from './python.ts'
import type { Tally } from './tally.ts'

interface Dumped {
  readonly project: string
  readonly crews?: Readonly<Record<string, unknown>>
  readonly error?: string
}

/** The crews that CrewAI builds of the fixtures against those that are written down. */
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
  for (const { name, crews, refusedByCrewai } of projects) {
    const { crews: theirs, error = 'gave no answer' } = dumped.get(name) ?? {}
    if (refusedByCrewai !== undefined) {
      if (theirs === undefined) tally.pass()
      else tally.fail(`the project ${name}`, `is taken, although ${refusedByCrewai}`)
    } else if (theirs === undefined) tally.fail(`the project ${name}`, error)
    else tally.compare(`the crews of ${name}`, crews, withoutSchemas(theirs))
  }
}

/** Those are compared with what we read, not with what is written down. */
function withoutSchemas(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSchemas)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => key !== 'schema')
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutSchemas(one)]))
}
