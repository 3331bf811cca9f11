import { messageOf } from '../../../errors.ts'
import type { Report } from '../../problem.ts'
import { type Configs, readConfigs } from './crew/config-files.ts'
import { type CrewObjects, createSelf, makeCrew } from './crew/crew-class.ts'
import { tellCrew } from './crew/tell-crew.ts'
import { fromJson } from './interpret/calls/files.ts'
import { createWorld, TooMuch } from './interpret/interpreter.ts'
import { lookUp } from './interpret/names/look-up.ts'
import type { Frame, Module, Value } from './interpret/values/value.ts'
import type { Arguments, Environment, World } from './interpret/world.ts'
import type { At } from './nodes.ts'
import type { CrewFound } from './project/find-crew-makers.ts'
import { createModules } from './project/modules.ts'
import type { ProjectFiles } from './project/project-files.ts'
import type { Mistake, PythonCrew } from './tell/told.ts'

export interface CrewReading {
  readonly dir: string
  readonly report: Report
  readonly files: ProjectFiles
  /** Of the project alone. */
  readonly environment: Readonly<Record<string, string>>
  /** Whether the settings of models keep the names of variables. */
  readonly namesVariables: boolean
  /** Values for parameters of `__init__` that have no default. */
  readonly givenArguments: Readonly<Record<string, unknown>>
}

export interface ReadCrew {
  /** Null: nothing of it can be told, as mistakes or the report say. */
  readonly crew: PythonCrew | null
  readonly mistakes: readonly Mistake[]
  readonly remarks: readonly Mistake[]
}

/** Reads one crew from what makes it, of which nothing runs. */
export async function readCrew(
  { file, name, kind }: CrewFound,
  { files, environment, namesVariables, givenArguments, ...folder }: CrewReading,
): Promise<ReadCrew> {
  const modules = createModules(files, file)
  const main = modules.open(file)
  if ('message' in main) return failed(main.at, main.message)
  const at = { file, line: 1, column: 1 }
  const variables = watchEnvironment(environment, namesVariables)
  const configs: { current: Configs } = { current: NONE }
  const world = createWorld({
    importModule: modules.import,
    environment: variables,
    readFile: files.read,
    crewAttribute: (_, attribute) => configs.current.get(attribute),
  })
  try {
    const maker = lookUp(name, topOf(main), at, world)
    const read =
      maker.kind === 'class' ? await readConfigs(maker, { ...folder, files, world }) : NONE
    // What the class takes from it would only be missing.
    if (read === null) return NOTHING_TOLD
    configs.current = read
    const objects =
      kind === 'class' ? ofClass(maker, givenArguments, world) : ofMaker(maker, kind, world)
    if (objects === undefined)
      return failed(maker.at, `${name} has no method with @crew that returns the crew; add one`)
    const { crew, ...notes } = tellCrew(objects, world)
    if (crew === null) return { crew, ...notes }
    return { ...notes, crew: { ...crew, name, at: maker.at, variables: variables.seen() } }
  } catch (error) {
    return failed(at, describeExcess(error))
  }
}

function ofClass(
  maker: Value,
  given: CrewReading['givenArguments'],
  world: World,
): CrewObjects | undefined {
  return maker.kind === 'class'
    ? makeCrew(createSelf(maker, toArguments(given, maker.at)), world)
    : { self: null, crew: maker, hooks: [] }
}

function ofMaker(maker: Value, kind: 'variable' | 'function', world: World): CrewObjects {
  const crew = kind === 'function' ? world.call(maker, NOTHING, maker.at) : maker
  return { self: null, crew, hooks: [] }
}

/** The names at the top of a module. */
function topOf(module: Module): Frame {
  return { module, locals: new Map(), wanted: null, outer: null, owner: null, scope: 'module' }
}

const NOTHING: Arguments = { args: [], keywords: new Map() }

/** What `crew.yaml` gives to `__init__`. */
function toArguments(given: Readonly<Record<string, unknown>>, at: At): Arguments {
  const keywords = Object.entries(given).map(
    ([name, value]) => [name, { value: fromJson(value, () => at), at }] as const,
  )
  return { args: [], keywords: new Map(keywords) }
}

/** @throws what is no excess of the project's */
function describeExcess(error: unknown): string {
  if (error instanceof TooMuch) return messageOf(error)
  if (error instanceof RangeError) return 'is nested too deeply to be read'
  throw error
}

const NONE: Configs = new Map()
const NOTHING_TOLD: ReadCrew = { crew: null, mistakes: [], remarks: [] }

function failed(at: At, message: string): ReadCrew {
  return { crew: null, mistakes: [{ at, path: [], message }], remarks: [] }
}

function watchEnvironment(
  values: Readonly<Record<string, string>>,
  namesVariables: boolean,
): Environment & { seen: () => readonly string[] } {
  const seen = new Set<string>()
  let missed = 0
  const get = (name: string) => {
    seen.add(name)
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) missed += 1
    return value
  }
  return {
    get,
    ofModel: (name) => (namesVariables ? undefined : get(name)),
    missed: () => missed,
    seen: () => [...seen].sort(),
  }
}
