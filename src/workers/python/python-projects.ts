import { type PythonCrewCode, type PythonOptions, pythonCrewCode } from './python-crew-code.ts'

/** @param settings its own; those that are given first hold */
type OfProject = (dir: string, settings?: PythonOptions) => PythonCrewCode

/** The Python of all projects. One process serves all crews of a project. */
export interface PythonProjects {
  /** Of a project, by its folder's real path. Nothing is started by it. */
  readonly of: OfProject
  /** The same, in other processes, for projects that have changed. Whoever loads them ends these. */
  readonly anew: () => OfProject
  /** Ends the processes of `of`. */
  readonly stop: () => Promise<void>
}

export function pythonProjects(options: PythonOptions): PythonProjects {
  const projects = new Map<string, PythonCrewCode>()
  return {
    of: inOrFrom(projects, options),
    anew: () => inOrFrom(new Map(), options),
    async stop() {
      await Promise.all([...projects.values()].map((project) => project.stop()))
    },
  }
}

function inOrFrom(projects: Map<string, PythonCrewCode>, options: PythonOptions): OfProject {
  return (dir, settings = {}) => {
    const project = projects.get(dir) ?? pythonCrewCode(dir, { ...options, ...settings })
    projects.set(dir, project)
    return project
  }
}
