import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A fixture with the crews it must give. */
export interface ExpectedProject {
  readonly name: string
  readonly folder: string
  /** By the class, or the name of a crew in JSON, as `dump_crews.py` writes it; defaults are left out. */
  readonly crews: Readonly<Record<string, unknown>>
  /** Why today's CrewAI does not take it, though we do; absent: it does. */
  readonly refusedByCrewai?: string
}

export function expectedProjects(root: string): readonly ExpectedProject[] {
  const folder = join(root, 'test/compare/expected')
  return readdirSync(folder)
    .sort()
    .map((file) => {
      const name = basename(file, '.json')
      const expected: Pick<ExpectedProject, 'crews' | 'refusedByCrewai'> = JSON.parse(
        readFileSync(join(folder, file), 'utf8'),
      )
      return { name, folder: join(root, 'test/projects', name), ...expected }
    })
}
