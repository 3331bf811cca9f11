import { type PythonCrewCode, type PythonOptions, pythonCrewCode } from './python-crew-code.ts'

/** The Python of all projects. One process serves all crews of a project. */
export interface PythonProjects {
  /** Of a project, by its folder's real path. Nothing is started by it. */
  readonly of: (dir: string) => PythonCrewCode
  /** Ends all processes. */
  readonly stop: () => Promise<void>
}

export function pythonProjects(options: PythonOptions): PythonProjects {
  const projects = new Map<string, PythonCrewCode>()
  return {
    of(dir) {
      const project = projects.get(dir) ?? pythonCrewCode(dir, options)
      projects.set(dir, project)
      return project
    },
    async stop() {
      await Promise.all([...projects.values()].map((project) => project.stop()))
    },
  }
}
