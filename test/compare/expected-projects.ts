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
  /** True: the models stand in Python to which only JSON refers, and are asked of Python alone. */
  readonly schemasUnread?: boolean
  /** Tools that our reading calls otherwise, to what CrewAI calls them: only running them tells their names. */
  readonly spelled?: Readonly<Record<string, string>>
}

export function expectedProjects(root: string): readonly ExpectedProject[] {
  const folder = join(root, 'test/compare/expected')
  return readdirSync(folder)
    .sort()
    .map((file) => {
      const name = basename(file, '.json')
      const expected: Omit<ExpectedProject, 'name' | 'folder'> = JSON.parse(
        readFileSync(join(folder, file), 'utf8'),
      )
      return { name, folder: join(root, 'test/projects', name), ...expected }
    })
}
