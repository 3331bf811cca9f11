import { realpath } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Crew } from '../crew/crew.ts'
import { messageOf } from '../errors.ts'
import type { CrewCode } from '../workers/crew-code.ts'
import { nodeCrewCode, type WorkerOptions } from '../workers/node/node-crew-code.ts'
import { checkCrew } from './check-crew.ts'
import { type CrewFiles, findFiles } from './find-files.ts'
import { readJsoncCrew } from './jsonc-crew.ts'
import { loadTools } from './load-tools.ts'
import { createReport, type Problem } from './problem.ts'
import type { CrewFolder, CrewSource } from './source.ts'
import { readTypescriptCrew } from './typescript-crew.ts'
import { readYamlCrew } from './yaml-crew.ts'

/** A crew's name is a part of its URL. */
const CREW_NAME = /^[a-z0-9][a-z0-9_-]*$/

export interface LoadedCrew {
  /** Deeply frozen; null when there is an error among the problems. */
  readonly crew: Crew | null
  /** What the crew brings as code, which its tools call. */
  readonly code: CrewCode
  /** Errors and warnings, in the order of the files. */
  readonly problems: readonly Problem[]
}

interface CodeFolder extends CrewFolder {
  readonly code: CrewCode
}

/**
 * Loads one crew from its folder, in whichever format it is written, and checks all of it. The code of its `crew.ts` and
 * of the tools that it names runs in a process of its own, which keeps no other from ending.
 */
export async function loadCrew(dir: string, options: WorkerOptions = {}): Promise<LoadedCrew> {
  const name = basename(dir)
  const report = createReport(name)
  const unreadable = (error: unknown) => {
    report.error({ file: '', path: [] }, `cannot be read: ${messageOf(error)}`)
    return null
  }
  // Modules are known by their real paths.
  const realDir = await realpath(dir).catch(unreadable)
  const log = options.log?.child({ crew: name }) ?? null
  const code = nodeCrewCode(realDir ?? dir, { ...options, log })
  const folder = { dir, report, code }
  const crew = realDir === null ? null : await readAndCheck(name, folder).catch(unreadable)
  if (crew === null) await code.stop()
  return { crew, code, problems: report.problems }
}

async function readAndCheck(name: string, folder: CodeFolder): Promise<Crew | null> {
  if (!CREW_NAME.test(name))
    folder.report.error(
      { file: '', path: [] },
      'cannot be the name of a crew; name the folder with small letters, digits, - and _',
    )
  const files = await findFiles(folder)
  const source = files === null ? null : await readFiles(folder, files)
  if (source === null) return null
  const ownTools = await loadTools(folder, source)
  return checkCrew(name, source, [ownTools], folder.report)
}

function readFiles(folder: CodeFolder, files: CrewFiles): Promise<CrewSource | null> {
  if (files.format === 'yaml') return readYamlCrew(folder, files)
  return files.format === 'jsonc'
    ? readJsoncCrew(folder, files.crew)
    : readTypescriptCrew(folder, files.crew)
}
