import { readFile, realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Crew } from '../../crew/crew.ts'
import { requiredInputs } from '../../crew/inputs.ts'
import type { Variables } from '../../crew/variables.ts'
import { nodeCrewCode } from '../../workers/node/node-crew-code.ts'
import { checkCrew } from '../fields/check-crew.ts'
import type { CheckModel } from '../fields/llm/check-model.ts'
import { findCrews } from '../formats/find-crews.ts'
import type { Found } from '../formats/format.ts'
import { openProject } from '../formats/python/project/project-files.ts'
import { createReport, type Problem } from '../problem.ts'
import type { CrewSource } from '../source.ts'
import { ownVariables } from '../values/own-variables.ts'
import { withPythonReferences } from '../values/refer-to-python.ts'
import { TOOLS_FOLDER, type ToolSource } from '../values/tool-source.ts'
import { kickoffExamples } from './kickoff-examples.ts'
import { createSecrets, hideInSchema, type Secrets } from './secrets.ts'
import { type LeftOut, separate, type Unknown } from './separate.ts'
import { nameTools, type ToolNames, type ToolStub } from './tool-stubs.ts'
import { crewFile } from './typescript/write-crew.ts'
import { stubFile } from './typescript/write-stub.ts'
import type { Schema } from './typescript/zod-types.ts'
import { yamlFiles } from './write-yaml.ts'

export const IMPORT_FORMATS = ['yaml', 'typescript'] as const
export type ImportFormat = (typeof IMPORT_FORMATS)[number]

export interface ImportOptions {
  /** The project, of which nothing runs, and nothing is changed. */
  readonly dir: string
  readonly format: ImportFormat
  readonly checkModel: CheckModel
}

/** A crew of a project as ours. */
export interface ImportedCrew {
  /** What tells it from others of the project. */
  readonly name: string
  readonly crew: Crew
  /** Its files, by their path in its folder. */
  readonly files: Readonly<Record<string, string>>
  readonly stubs: readonly ToolStub[]
  readonly leftOut: readonly LeftOut[]
  readonly unknown: readonly Unknown[]
  readonly secrets: Secrets
  /** What its project is warned of, places in the project. */
  readonly problems: readonly Problem[]
}

export interface Imported {
  readonly crews: readonly ImportedCrew[]
  /** How many crews the project has, with those that cannot be imported. */
  readonly found: number
  /** Of the project, and of the crews that cannot be imported. */
  readonly problems: readonly Problem[]
}

/** Reads the crews of a project, and writes them as ours, in memory. */
export async function importProject({ dir, ...options }: ImportOptions): Promise<Imported> {
  const folder = basename(await realpath(dir))
  const report = createReport(folder, folder)
  const variables = await ownVariables({ dir, report })
  const found = await findCrews({ dir, report })
  const crews: ImportedCrew[] = []
  const problems: Problem[] = []
  for (const one of found) {
    const imported = await importFound(one, { dir, folder, variables, ...options })
    if (imported.crew === null) problems.push(...imported.problems)
    else crews.push({ ...imported, crew: imported.crew })
  }
  return { crews, found: found.length, problems: [...report.problems, ...problems] }
}

interface Importing extends ImportOptions {
  readonly folder: string
  readonly variables: Variables
}

interface Attempt extends Omit<ImportedCrew, 'crew'> {
  /** Null: cannot be imported, for the problems. */
  readonly crew: Crew | null
}

async function importFound(found: Found, importing: Importing): Promise<Attempt> {
  const { dir, folder, variables, checkModel } = importing
  const report = createReport(found.name, folder)
  const secrets = createSecrets(variables)
  const tools = await nameTools(dir)
  const nothing = {
    name: found.name,
    crew: null,
    files: {},
    stubs: [],
    leftOut: [],
    unknown: [],
    secrets,
  }
  if (found.files.includes('crew.ts')) {
    report.add('defined-twice', { file: 'crew.ts', path: [] }, 'is a crew of ours already')
    return { ...nothing, problems: report.problems }
  }
  const read = await readFound(found, { dir, report })
  if (read === null) return { ...nothing, problems: report.problems }
  const { source, leftOut, unknown } = separate(read, { tools, secrets })
  const crew = checkCrew(found.name, source, [anyOf(tools)], { report, checkModel })
  const stubs = tools.stubs.map((stub) => withoutSecrets(stub, secrets))
  const written = { source, crew, stubs, copied: tools.copied }
  const files = crew === null ? {} : await filesOf(found, { ...written, crew }, importing)
  const { problems } = report
  return { name: found.name, crew, files, stubs, leftOut, unknown, secrets, problems }
}

async function readFound(
  found: Found,
  { dir, report }: { readonly dir: string; readonly report: ReturnType<typeof createReport> },
): Promise<CrewSource | null> {
  const code = nodeCrewCode(dir, {})
  const source = await found.read({ dir, report, code, namesVariables: true })
  await code.stop()
  return source === null ? null : withPythonReferences(source, { dir, report })
}

/** The tools that will be there: what is checked is everything else. */
function anyOf({ stubs, copied }: ToolNames): ToolSource {
  const names = [...stubs, ...copied].map(({ name }) => name)
  return {
    names,
    find: (reference) =>
      typeof reference === 'string' && names.includes(reference) ? [] : undefined,
  }
}

interface Written {
  readonly source: CrewSource
  readonly crew: Crew
  readonly stubs: readonly ToolStub[]
  readonly copied: ToolNames['copied']
}

function withoutSecrets(stub: ToolStub, secrets: Secrets): ToolStub {
  const { title, description, parameters, stands } = stub
  return {
    ...stub,
    title: secrets.hideIn(title),
    description: description === null ? null : secrets.hideIn(description),
    parameters: hideInSchema(parameters, secrets) as Schema | null,
    stands: secrets.hideIn(stands),
  }
}

async function filesOf(
  { files: [from = ''] }: Found,
  { source, crew, stubs, copied }: Written,
  { dir, format }: Importing,
): Promise<Readonly<Record<string, string>>> {
  const inputs = kickoffExamples(requiredInputs(crew), from, openProject(await realpath(dir)))
  const written = stubs.map((stub) => [pathOf(`${stub.name}.ts`), stubFile(stub)] as const)
  const own = copied.map(
    async ({ file }) =>
      [pathOf(file), await readFile(join(dir, TOOLS_FOLDER, file), 'utf8')] as const,
  )
  return {
    ...(format === 'yaml' ? yamlFiles(source, inputs) : { 'crew.ts': crewFile(source, inputs) }),
    ...Object.fromEntries([...written, ...(await Promise.all(own))]),
  }
}

function pathOf(file: string): string {
  return `${TOOLS_FOLDER}/${file}`
}
