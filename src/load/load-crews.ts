import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import PQueue from 'p-queue'
import type { Crew } from '../crew/crew.ts'
import type { Variables } from '../crew/variables.ts'
import type { CrewCode } from '../workers/crew-code.ts'
import { type LoadedCrew, type LoadedFolder, type LoadOptions, loadFolder } from './load-folder.ts'
import { createReport, type Problem } from './problem.ts'

/** Those with code start a process each. */
const MAX_LOADING = 4

export interface LoadedCrews {
  /** By name, sorted; without the crews that have an error. */
  readonly crews: ReadonlyMap<string, Crew>
  /** The folder of each, by its name. */
  readonly folders: ReadonlyMap<string, string>
  /** What those crews bring as code. */
  readonly codes: ReadonlyMap<string, CrewCode>
  /** What their folders' `.env` say, for each of them alone. */
  readonly variables: ReadonlyMap<string, Variables>
  /** Of all crews. */
  readonly problems: readonly Problem[]
  /** What each folder holds, by its name. */
  readonly read: ReadonlyMap<string, LoadedFolder>
}

/**
 * Loads every crew of a folder: each folder in it has one, or several, but for hidden ones and `node_modules`.
 *
 * @throws Error for people, when there is no such folder
 */
export async function loadCrews(crewsDir: string, options: LoadOptions = {}): Promise<LoadedCrews> {
  const dirs = await listFolders(crewsDir)
  return joinFolders(await loadFolders(dirs, options))
}

/** By name, each folder with what it holds. */
export async function loadFolders(
  dirs: readonly string[],
  options: LoadOptions,
): Promise<ReadonlyMap<string, LoadedFolder>> {
  const queue = new PQueue({ concurrency: MAX_LOADING })
  const folders = await queue.addAll(
    dirs.map((dir) => async () => [basename(dir), await loadFolder(dir, options)] as const),
  )
  return new Map(folders)
}

/** What is served of these folders, together. */
export async function joinFolders(read: ReadonlyMap<string, LoadedFolder>): Promise<LoadedCrews> {
  const folders = [...read.values()]
  const { served, problems } = await withoutNamesakes(folders.flatMap(({ crews }) => crews))
  return {
    crews: new Map(served.map(({ name, crew }) => [name, crew])),
    folders: new Map(served.map(({ name, folder }) => [name, folder])),
    codes: new Map(served.map(({ name, code }) => [name, code])),
    variables: new Map(served.map(({ name, variables }) => [name, variables])),
    problems: [...folders.flatMap(problemsOf), ...problems],
    read,
  }
}

/**
 * Paths of the folders in which crews are looked for.
 *
 * @throws Error for people, when there is no such folder of crews
 */
export async function listFolders(crewsDir: string): Promise<readonly string[]> {
  const names = await readdir(crewsDir).catch((cause: unknown) => {
    throw new Error(
      `There is no folder of crews at ${resolve(crewsDir)}. Make it, with a folder for each crew.`,
      { cause },
    )
  })
  const candidates = names.filter((name) => !name.startsWith('.') && name !== 'node_modules').sort()
  const paths = candidates.map((name) => join(crewsDir, name))
  // Follows links, of which mounted configuration consists. One that leads nowhere is a problem of that crew.
  const isFolder = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        (entry) => entry.isDirectory(),
        () => true,
      ),
    ),
  )
  return paths.filter((_, position) => isFolder[position])
}

function problemsOf({ problems, crews }: LoadedFolder): readonly Problem[] {
  return [...problems, ...crews.flatMap((crew) => crew.problems)]
}

/** `a-b` may be a folder, and a crew of the folder `a`. */
async function withoutNamesakes(loaded: readonly LoadedCrew[]) {
  const good = loaded.flatMap(({ crew, ...rest }) => (crew === null ? [] : [{ ...rest, crew }]))
  const sorted = good.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const served = sorted.filter(({ name }, position) => name !== sorted[position - 1]?.name)
  const namesakes = good.filter((one) => !served.includes(one))
  await Promise.all(namesakes.map(({ code }) => code.stop()))
  const problems = namesakes.flatMap(({ name, folder }) => {
    const report = createReport(name, folder)
    report.add(
      'crew-name-taken',
      { file: '', path: [] },
      `has a crew ${name}, and so has another folder; rename one of the folders`,
    )
    return report.problems
  })
  return { served, problems }
}
