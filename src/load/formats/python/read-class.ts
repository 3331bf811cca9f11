import { messageOf } from '../../../errors.ts'
import type { Report } from '../../problem.ts'
import { type Configs, fromJson, readConfigs } from './crew/config-files.ts'
import { type CrewObjects, createSelf, makeCrew } from './crew/crew-class.ts'
import { tellCrew } from './crew/tell-crew.ts'
import { createWorld, TooMuch } from './interpret/interpreter.ts'
import { lookUp } from './interpret/look-up.ts'
import type { Module, OwnClass, Value } from './interpret/value.ts'
import type { Arguments, Environment, World } from './interpret/world.ts'
import type { At } from './nodes.ts'
import { createModules } from './project/modules.ts'
import type { ProjectFiles } from './project/project-files.ts'
import type { Mistake, PythonCrew } from './tell/told.ts'

export interface ClassReading {
  readonly dir: string
  readonly report: Report
  readonly files: ProjectFiles
  /** Of the project alone. */
  readonly environment: Readonly<Record<string, string>>
  /** Values for parameters of `__init__` that have no default. */
  readonly givenArguments: Readonly<Record<string, unknown>>
}

export interface ReadCrew {
  /** Null: nothing of it can be told. */
  readonly crew: PythonCrew | null
  readonly mistakes: readonly Mistake[]
  readonly remarks: readonly Mistake[]
}

/** Reads one crew from its class, of which nothing runs. */
export async function readClass(
  file: string,
  name: string,
  { files, environment, givenArguments, ...folder }: ClassReading,
): Promise<ReadCrew> {
  const modules = createModules(files, file)
  const main = modules.open(file)
  if ('message' in main) return failed(main.at, main.message)
  const at = { file, line: 1, column: 1 }
  const variables = watchEnvironment(environment)
  const configs: { current: Configs } = { current: new Map() }
  const world = createWorld({
    importModule: modules.import,
    environment: variables,
    crewAttribute: (_, attribute) => configs.current.get(attribute),
  })
  try {
    const cls = findClass(main, name, at, world)
    if (cls.kind !== 'class') return failed(at, `there is no class ${name}`)
    configs.current = await readConfigs(cls, { ...folder, files, world })
    const objects: CrewObjects | undefined = makeCrew(
      createSelf(cls, toArguments(givenArguments, cls.at)),
      world,
    )
    if (objects === undefined)
      return failed(cls.at, `${name} has no method with @crew that returns the crew; add one`)
    const told = tellCrew(objects, world)
    const { crew } = told
    return {
      ...told,
      crew: crew === null ? null : { ...crew, name, at: cls.at, variables: variables.seen() },
    }
  } catch (error) {
    if (error instanceof TooMuch || error instanceof RangeError)
      return failed(
        at,
        error instanceof TooMuch ? messageOf(error) : 'is nested too deeply to be read',
      )
    throw error
  }
}

function findClass(module: Module, name: string, at: At, world: World): Value | OwnClass {
  const frame = {
    module,
    locals: new Map(),
    wanted: null,
    outer: null,
    owner: null,
    scope: 'module' as const,
  }
  return lookUp(name, frame, at, world)
}

/** What `crew.yaml` gives to `__init__`. */
function toArguments(given: Readonly<Record<string, unknown>>, at: At): Arguments {
  const keywords = Object.entries(given).map(
    ([name, value]) => [name, { value: fromJson(value, at), at }] as const,
  )
  return { args: [], keywords: new Map(keywords) }
}

function failed(at: At, message: string): ReadCrew {
  return { crew: null, mistakes: [{ at, path: [], message }], remarks: [] }
}

function watchEnvironment(
  values: Readonly<Record<string, string>>,
): Environment & { seen: () => readonly string[] } {
  const seen = new Set<string>()
  let missed = 0
  return {
    get: (name) => {
      seen.add(name)
      const value = Object.hasOwn(values, name) ? values[name] : undefined
      if (value === undefined) missed += 1
      return value
    },
    missed: () => missed,
    seen: () => [...seen].sort(),
  }
}
