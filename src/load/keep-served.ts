import { isDeepStrictEqual } from 'node:util'
import type { Crew } from '../crew/crew.ts'
import { hashOf, toDefinition, toolsOf } from '../crew/definition.ts'
import type { LoadedCrew, LoadedFolder } from './load-folder.ts'

/** A folder that was read again. */
export interface ReadAgain {
  readonly folder: LoadedFolder
  /** Names of crews that stay as they were, because their files cannot be used as they are. */
  readonly kept: readonly string[]
}

/**
 * What is served of a folder that was read again: what its files say now, but for a crew that cannot be used any more, and
 * was before.
 *
 * @param isOwn whether files of the folder have changed. Then its code is replaced in any case: it may read files that
 *   nobody knows of.
 */
export function keepServed(
  before: LoadedFolder | undefined,
  now: LoadedFolder,
  isOwn: boolean,
): ReadAgain {
  const served = (before?.crews ?? []).filter(({ crew }) => crew !== null)
  const olderOf = (name: string) => served.find((one) => one.name === name)
  const crews = now.crews.map((one) => {
    const older = olderOf(one.name)
    if (older === undefined) return one
    const stays = one.crew === null || (isSame(older, one) && !(isOwn && bringsCode(one)))
    return stays ? { ...older, problems: one.problems } : one
  })
  // Without any crew, the folder as a whole is broken, or someone is at it.
  const isWhole = now.crews.length > 0 && now.problems.every(({ severity }) => severity !== 'error')
  const lost = served.filter(({ name }) => now.crews.every((one) => one.name !== name))
  const keptWhole = isWhole ? [] : lost.map((one) => ({ ...one, problems: [] }))
  const broken = now.crews.filter(({ name, crew }) => crew === null && olderOf(name))
  return {
    folder: { crews: [...crews, ...keptWhole], problems: now.problems },
    kept: [...broken, ...keptWhole].map(({ name }) => name),
  }
}

function isSame(before: LoadedCrew, now: LoadedCrew): boolean {
  return (
    versionOf(before.crew) === versionOf(now.crew) &&
    before.code.codeHash() === now.code.codeHash() &&
    isDeepStrictEqual(before.variables, now.variables)
  )
}

export function bringsCode({ crew, code }: LoadedCrew): boolean {
  return code.codeHash() !== '' || (crew !== null && toolsOf(crew).length > 0)
}

function versionOf(crew: Crew | null): string | null {
  return crew && hashOf(toDefinition(crew))
}
