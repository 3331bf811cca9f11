import { basename } from 'node:path'
import { nodeCrewCode } from '../workers/node/node-crew-code.ts'
import { type LoadedCrew, type LoadOptions, loadFolder } from './load-folder.ts'
import { createReport } from './problem.ts'

export interface LoadCrewOptions extends LoadOptions {
  /** Which one, when the folder has several: `<folder>-<crew>`, as it is served. */
  readonly name?: string
}

/**
 * Loads one crew from its folder, in whichever format it is written, and checks all of it. Its code runs in a process of
 * its own, which keeps no other from ending.
 */
export async function loadCrew(dir: string, options: LoadCrewOptions = {}): Promise<LoadedCrew> {
  const folder = await loadFolder(dir, options)
  const { name = folder.crews.length === 1 ? folder.crews[0]?.name : undefined } = options
  const wanted = folder.crews.find((one) => one.name === name)
  const others = folder.crews.filter((one) => one !== wanted)
  await Promise.all(others.map(({ code }) => code.stop()))
  if (wanted !== undefined) return { ...wanted, problems: [...folder.problems, ...wanted.problems] }
  const report = createReport(name ?? basename(dir), basename(dir))
  if (others.length > 0)
    report.add(
      'several-crews',
      { file: '', path: [] },
      `has the crews ${others.map((one) => one.name).join(', ')}; name one of them`,
    )
  return {
    name: name ?? basename(dir),
    folder: basename(dir),
    crew: null,
    variables: {},
    code: nodeCrewCode(dir, options),
    python: null,
    problems: [...folder.problems, ...report.problems],
  }
}
