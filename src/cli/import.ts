import { stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { createModelFinder } from '../llm/model-finder.ts'
import { crewName } from '../load/crew-name.ts'
import { describeLeft, describeWithoutEffect } from '../load/import/describe-import.ts'
import {
  IMPORT_FORMATS,
  type Imported,
  type ImportedCrew,
  type ImportFormat,
  importProject,
} from '../load/import/import-project.ts'
import { writeFolders } from '../load/import/write-files.ts'
import { describeProblems } from './describe-problems.ts'

interface ImportOptions {
  /** The folder to write; with several crews in the project the start of their names. */
  readonly to?: string
  readonly format?: string
}

/**
 * Writes the crews of a CrewAI project as ours, without its Python, and prints what is left to write. The project stays
 * as it is.
 *
 * @throws Error for people when no crew can be read, or its folder is there already
 */
export async function importCrews(
  project: string | undefined,
  { to, format = 'yaml' }: ImportOptions,
): Promise<void> {
  if (project === undefined) throw new Error('Name the project: coxswain import <folder>.')
  if (!isFormat(format))
    throw new Error(`The format is one of ${IMPORT_FORMATS.join(', ')}, not "${format}".`)
  const dir = resolve(project)
  const isFolder = await stat(dir).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
  if (!isFolder) throw new Error(`There is no folder ${project}.`)
  const { crewsDir, models } = readConfig()
  const { check: checkModel } = createModelFinder(models)
  const imported = await importProject({
    dir,
    format,
    checkModel: (choice) => checkModel(choice, {}),
  })
  complain(imported, dirname(dir))
  const base = resolve(to ?? join(crewsDir, crewName(basename(dir)) ?? 'crew'))
  const folders = imported.crews.map((one) => ({
    dir: imported.found === 1 ? base : `${base}-${one.name}`,
    files: one.files,
  }))
  await writeFolders(folders, dir)
  for (const [at, one] of imported.crews.entries()) print(one, folders[at]?.dir ?? base, crewsDir)
}

/** The crews that can be read are written, whatever is wrong with the others. */
function complain({ crews, problems }: Imported, from: string): void {
  const errors = problems.filter(({ severity }) => severity === 'error')
  const about = errors.length === 0 && crews.length === 0 ? problems : errors
  if (about.length === 0) return
  const lines = describeProblems(about, from, process.stderr)
  if (crews.length === 0) throw new Error(`Nothing was written:\n${lines.join('\n')}`)
  for (const line of lines) console.error(line)
  process.exitCode = 1
}

function print(imported: ImportedCrew, dir: string, crewsDir: string): void {
  const here = near(dir)
  for (const path of Object.keys(imported.files)) console.log(`wrote ${join(here, path)}`)
  const left = describeLeft(imported, here)
  if (left.length > 0) console.log('\nLeft to do:')
  for (const [at, line] of left.entries()) console.log(`  ${at + 1}. ${line}`)
  const without = describeWithoutEffect(imported)
  if (without.length > 0) console.log('\nWithout effect:')
  for (const line of without) console.log(`  - ${line}`)
  const isElsewhere = resolve(dirname(dir)) !== resolve(crewsDir)
  const setting = isElsewhere ? `CREWS_DIR=${near(dirname(dir)) || '.'} ` : ''
  console.log(`\nCheck it: ${setting}npx coxswain validate ${basename(dir)}\n`)
}

/** As a terminal opens it from the folder it is in. */
function near(dir: string): string {
  const path = relative('', dir)
  return path.startsWith('..') ? resolve(dir) : path
}

function isFormat(text: string): text is ImportFormat {
  return IMPORT_FORMATS.some((format) => format === text)
}
