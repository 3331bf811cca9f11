import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import PQueue from 'p-queue'
import type { Crew } from '../crew/crew.ts'
import type { CrewCode } from '../workers/crew-code.ts'
import type { WorkerOptions } from '../workers/node/node-crew-code.ts'
import { loadCrew } from './load-crew.ts'
import type { Problem } from './problem.ts'

/** Those with code start a process each. */
const MAX_LOADING = 4

export interface LoadedCrews {
  /** By name, sorted; without the crews that have an error. */
  readonly crews: ReadonlyMap<string, Crew>
  /** What those crews bring as code. */
  readonly codes: ReadonlyMap<string, CrewCode>
  /** Of all crews. */
  readonly problems: readonly Problem[]
}

/**
 * Loads every crew of a folder: each folder in it is one, but for hidden ones and `node_modules`.
 *
 * @throws Error for people, when there is no such folder
 */
export async function loadCrews(
  crewsDir: string,
  options: WorkerOptions = {},
): Promise<LoadedCrews> {
  const queue = new PQueue({ concurrency: MAX_LOADING })
  const dirs = await listCrews(crewsDir)
  const loaded = await queue.addAll(dirs.map((dir) => () => loadCrew(dir, options)))
  const served = loaded.flatMap(({ crew, code }) => (crew === null ? [] : [{ crew, code }]))
  return {
    crews: new Map(served.map(({ crew }) => [crew.name, crew])),
    codes: new Map(served.map(({ crew, code }) => [crew.name, code])),
    problems: loaded.flatMap(({ problems }) => problems),
  }
}

async function listCrews(crewsDir: string): Promise<readonly string[]> {
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
