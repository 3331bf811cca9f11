import { realpath } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { readConfig } from '../config.ts'
import { withoutSecrets } from '../crew/variables.ts'
import { loadCrews } from '../load/load-crews.ts'
import { createReport } from '../load/problem.ts'
import { ownVariables } from '../load/values/own-variables.ts'
import type { PythonCode } from '../load/values/python-tools.ts'
import type { LoadedCode } from '../workers/crew-code.ts'
import type { Interpreter } from '../workers/protocol.ts'
import type { PythonOptions } from '../workers/python/python-crew-code.ts'
import { pythonProjects } from '../workers/python/python-projects.ts'
import { loadOptions } from './load.ts'

/** Of a project, what only Python could tell, and what came of loading it. */
export interface Checkup {
  /** The project's folder. */
  readonly dir: string
  /** Null: there is none, which each value says. */
  readonly interpreter: Interpreter | null
  readonly loaded: readonly LoadedCode[]
}

/**
 * Loads every value of all crews that only Python can tell, and prints what is missing and what installs it. The process
 * fails when anything is.
 */
export async function doctor(folder: string | undefined): Promise<void> {
  const config = readConfig()
  const projects = pythonProjects(config.python)
  const checkups: Checkup[] = []
  const python = (dir: string, settings: PythonOptions): PythonCode => {
    const project = projects.of(dir, settings)
    return {
      ...project,
      // Each is loaded, to see whether it can be.
      bindLater: async () => null,
      async load(references) {
        const loaded = await project.load(references)
        if (loaded.length > 0) {
          const interpreter = project.interpreter()
          checkups.push({ dir, interpreter, loaded: await fitToPrint(loaded, dir) })
        }
        return loaded
      },
    }
  }
  const { codes } = await loadCrews(config.crewsDir, { ...loadOptions(config), python })
  await Promise.all([projects.stop(), ...[...codes.values()].map((code) => code.stop())])
  const only = folder === undefined ? null : await realFolder(join(config.crewsDir, folder))
  const wanted = checkups.filter(({ dir }) => only === null || dir === only)
  for (const line of describeCheckups(wanted)) console.log(line)
  if (wanted.some(({ loaded }) => loaded.some((one) => 'error' in one))) process.exitCode = 1
}

/** An exception may quote what it found in the environment. */
async function fitToPrint(
  loaded: readonly LoadedCode[],
  dir: string,
): Promise<readonly LoadedCode[]> {
  // What is wrong with the file is a problem of its crews.
  const variables = await ownVariables({ dir, report: createReport('', '') })
  return loaded.map((one) =>
    'error' in one ? { ...one, error: withoutSecrets(one.error, variables) } : one,
  )
}

/** Projects are known by their real paths. */
async function realFolder(path: string): Promise<string> {
  return realpath(path).catch((cause: unknown) => {
    throw new Error(`There is no folder ${path}.`, { cause })
  })
}

/** For people, a line each. */
export function describeCheckups(checkups: readonly Checkup[]): readonly string[] {
  if (checkups.length === 0) return ['No crew has values that only Python can tell.']
  const sorted = checkups.toSorted((a, b) => (a.dir < b.dir ? -1 : 1))
  const byProject = Map.groupBy(sorted, ({ dir }) => dir)
  return [...byProject].flatMap(([dir, of]) => describeProject(dir, of))
}

function describeProject(dir: string, checkups: readonly Checkup[]): readonly string[] {
  const [first] = checkups
  const loaded = [...new Map(checkups.flatMap((one) => one.loaded.map((l) => [l.key, l]))).values()]
  const broken = loaded.flatMap((one) => ('error' in one ? [one] : []))
  const commands = new Set(broken.flatMap(({ missing }) => missing?.command ?? []))
  const errors = new Set(
    broken.map(({ key, error, missing }) => (missing ? error : `${key}: ${error}`)),
  )
  return [
    `${dir}: ${describeInterpreter(dir, first?.interpreter ?? null)}`,
    `  ${loaded.length - broken.length} of ${loaded.length} values can be loaded`,
    ...[...errors].map((error) => `  ${error}`),
    ...(commands.size === 0 ? [] : ['  To install what is missing:', `    cd ${dir}`]),
    ...[...commands].map((command) => `    ${command}`),
  ]
}

function describeInterpreter(dir: string, interpreter: Interpreter | null): string {
  if (interpreter === null) return 'no Python'
  const { version, prefix } = interpreter
  const place = relative(dir, prefix)
  return `Python ${version} in ${place.startsWith('..') ? prefix : place}`
}
