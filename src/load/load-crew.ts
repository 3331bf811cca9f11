import { realpath } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { HashedCode } from '../crew/catalog.ts'
import type { Crew } from '../crew/crew.ts'
import { messageOf } from '../errors.ts'
import { checkCrew } from './check-crew.ts'
import { hashCode } from './code-hash.ts'
import { type CrewFiles, findFiles } from './find-files.ts'
import { readJsoncCrew } from './jsonc-crew.ts'
import { loadTools } from './load-tools.ts'
import { createReport, type Problem } from './problem.ts'
import { servePackage } from './serve-package.ts'
import type { CrewFolder, CrewSource } from './source.ts'
import { readTypescriptCrew } from './typescript-crew.ts'
import { readYamlCrew } from './yaml-crew.ts'

/** A crew's name is a part of its URL. */
const CREW_NAME = /^[a-z0-9][a-z0-9_-]*$/

export interface LoadedCrew {
  /** Deeply frozen; null when there is an error among the problems. */
  readonly crew: Crew | null
  /** What it brings as code. */
  readonly code: HashedCode
  /** Errors and warnings, in the order of the files. */
  readonly problems: readonly Problem[]
}

/**
 * Loads one crew from its folder, in whichever format it is written, and checks all of it. Runs the code of its
 * `crew.ts` and of the tools that it names.
 */
export async function loadCrew(dir: string): Promise<LoadedCrew> {
  const name = basename(dir)
  const report = createReport(name)
  try {
    // Tools may import from beside the crew's folder as well.
    servePackage(dirname(await realpath(dir)))
    const crew = await readAndCheck(name, { dir, report })
    const codeHash = await hashCode(dir)
    return { crew, code: { codeHash: () => codeHash }, problems: report.problems }
  } catch (error) {
    report.error({ file: '', path: [] }, `cannot be read: ${messageOf(error)}`)
    return { crew: null, code: { codeHash: () => '' }, problems: report.problems }
  }
}

async function readAndCheck(name: string, folder: CrewFolder): Promise<Crew | null> {
  if (!CREW_NAME.test(name))
    folder.report.error(
      { file: '', path: [] },
      'cannot be the name of a crew; name the folder with small letters, digits, - and _',
    )
  const files = await findFiles(folder)
  const source = files === null ? null : await readFiles(folder, files)
  if (source === null) return null
  const crewTools = await loadTools(folder.dir, source, folder.report)
  return checkCrew(name, source, crewTools, folder.report)
}

function readFiles(folder: CrewFolder, files: CrewFiles): Promise<CrewSource | null> {
  if (files.format === 'yaml') return readYamlCrew(folder, files)
  return files.format === 'jsonc'
    ? readJsoncCrew(folder, files.crew)
    : readTypescriptCrew(folder, files.crew)
}
