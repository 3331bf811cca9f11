import { realpath } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Crew } from '../crew/crew.ts'
import { type Variables, withoutSecrets } from '../crew/variables.ts'
import { messageOf } from '../errors.ts'
import type { ModelFinder } from '../llm/model-finder.ts'
import type { CrewCode } from '../workers/crew-code.ts'
import { nodeCrewCode, type WorkerOptions } from '../workers/node/node-crew-code.ts'
import type { PythonOptions } from '../workers/python/python-crew-code.ts'
import { crewName } from './crew-name.ts'
import { checkCrew } from './fields/check-crew.ts'
import type { CheckModel } from './fields/llm/check-model.ts'
import { findCrews } from './formats/find-crews.ts'
import type { CrewReading, Found } from './formats/format.ts'
import { createReport, type Problem, type Report } from './problem.ts'
import type { CrewSource } from './source.ts'
import { nodeTools } from './values/node-tools.ts'
import { ownVariables } from './values/own-variables.ts'
import { withPythonModels } from './values/python-models.ts'
import { takePythonSettings } from './values/python-settings.ts'
import { type PythonCode, pythonTools } from './values/python-tools.ts'
import { withPythonReferences } from './values/refer-to-python.ts'
import { toolReferences } from './values/tool-references.ts'

const FOLDER = { file: '', path: [] }

export interface LoadedCrew {
  readonly name: string
  /** Name of its folder. */
  readonly folder: string
  /** Deeply frozen; null when there is an error among the problems. */
  readonly crew: Crew | null
  /** What the crew brings as code, which its tools call. */
  readonly code: CrewCode
  /** What its folder's `.env` says. */
  readonly variables: Variables
  /** The Python of its project, which the crews of a folder share; null: nothing runs it. */
  readonly python: PythonCode | null
  /** Errors and warnings, in the order of the files. */
  readonly problems: readonly Problem[]
}

export interface LoadOptions extends WorkerOptions {
  /**
   * What evaluates the Python of a project, by its folder's real path and what its crew says of it; null: nothing does.
   * Whoever makes it stops it. Default: nothing does.
   */
  readonly python?: (dir: string, settings: PythonOptions) => PythonCode | null
  /** Default: every model can be used. */
  readonly checkModel?: ModelFinder['check']
}

/** A folder with crews, mostly one. */
export interface LoadedFolder {
  readonly crews: readonly LoadedCrew[]
  /** Of the folder as a whole. */
  readonly problems: readonly Problem[]
}

/**
 * Loads the crews of one folder, in whichever format they are written, and checks all of them. The code of a `crew.ts`
 * and of the tools that it names runs in a process of its own, which keeps no other from ending.
 */
export async function loadFolder(dir: string, options: LoadOptions = {}): Promise<LoadedFolder> {
  const folder = basename(dir)
  const report = createReport(folder, folder)
  try {
    // Modules are known by their real paths.
    const realDir = await realpath(dir)
    const variables = await ownVariables({ dir, report })
    const checkModel: CheckModel = (choice) =>
      options.checkModel?.(choice, { own: variables }) ?? null
    const found = await findCrews({ dir, report })
    const base = found.length === 0 ? folder : nameOf(folder, report)
    const crews: LoadedCrew[] = []
    for (const one of found) {
      const name = found.length === 1 ? base : `${base}-${one.name}`
      const log = options.log?.child({ crew: name }) ?? null
      const code = nodeCrewCode(realDir, { ...options, log })
      const reading = {
        name,
        folder,
        dir,
        code,
        pythonWith: (settings: PythonOptions) => options.python?.(realDir, settings) ?? null,
        report: createReport(name, folder, (message) => withoutSecrets(message, variables)),
        variables,
        checkModel,
      }
      crews.push(await loadFound(one, reading))
    }
    return { crews, problems: report.problems }
  } catch (error) {
    addUnreadable(report, error)
    return { crews: [], problems: report.problems }
  }
}

/** A crew's name is a part of its URL. */
function nameOf(folder: string, report: Report): string {
  const name = crewName(folder)
  if (name === null)
    throw new Error(
      'its name has no letter or digit of a URL, so that a crew could be called like it',
    )
  if (name !== folder)
    report.add('crew-renamed', FOLDER, `is served as ${name}, which can stand in a URL`)
  return name
}

interface Loading extends CrewReading {
  readonly name: string
  readonly folder: string
  readonly pythonWith: (settings: PythonOptions) => PythonCode | null
  readonly variables: Variables
  readonly checkModel: CheckModel
}

async function loadFound(found: Found, loading: Loading): Promise<LoadedCrew> {
  const { name, folder, code, variables, report } = loading
  const unreadable = (error: unknown) => {
    addUnreadable(report, error)
    return null
  }
  const read = await found.read(loading).catch(unreadable)
  const { source, settings } = takePythonSettings(read, report)
  const python = loading.pythonWith(settings)
  const crew = source && (await checkRead(source, { ...loading, python }).catch(unreadable))
  if (crew === null) await code.stop()
  const both = python === null ? code : { ...code, codeHash: () => joinHashes([code, python]) }
  return { name, folder, crew, code: both, python, variables, problems: report.problems }
}

function joinHashes(codes: readonly Pick<CrewCode, 'codeHash'>[]): string {
  return codes.flatMap((code) => code.codeHash() || []).join('-')
}

interface Checking extends Loading {
  readonly python: PythonCode | null
}

async function checkRead(read: CrewSource, loading: Checking): Promise<Crew | null> {
  const { python: interpreter, report } = loading
  const source = await withPythonModels(withPythonReferences(read, loading), interpreter, report)
  const references = toolReferences(source)
  const node = await nodeTools(loading, references)
  const others = references.filter(({ reference }) => node.find(reference) === undefined)
  const python = await pythonTools(loading, others, interpreter)
  return checkCrew(loading.name, source, [node, python], loading)
}

function addUnreadable(report: Report, error: unknown): void {
  report.add('file-unreadable', FOLDER, `cannot be read: ${messageOf(error)}`)
}
