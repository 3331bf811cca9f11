import { basename } from 'node:path'
import { bringsCode } from '../../load/keep-served.ts'
import type { LoadedCrews } from '../../load/load-crews.ts'
import type { Burst } from './changes.ts'

/** What is to be done about changed files. */
export interface Plan {
  /** Folders to be read, by their names. */
  readonly dirs: ReadonlyMap<string, string>
  /** Of these, those with a changed file. */
  readonly own: ReadonlySet<string>
  /** Names of folders that are gone. */
  readonly removed: readonly string[]
}

/**
 * @param dirs that are there
 * @param read what each folder held before
 */
export function planOf(
  { changed, isComplete }: Pick<Burst, 'changed' | 'isComplete'>,
  dirs: readonly string[],
  read: LoadedCrews['read'],
): Plan {
  const present = new Map(dirs.map((dir) => [basename(dir), dir]))
  const names = [...changed.keys()]
  const own = new Set(names.filter((name) => present.has(name)))
  // What holds no crew may be imported by those that do.
  const isShared = names.some((name) =>
    present.has(name) ? read.get(name)?.crews.length === 0 : !read.has(name),
  )
  const others = [...present.keys()].filter(
    (name) => !isComplete || (isShared && read.get(name)?.crews.some(bringsCode)),
  )
  const wanted = new Set([...own, ...others])
  const gone = [...read.keys()].filter((name) => !present.has(name))
  return {
    dirs: new Map([...present].filter(([name]) => wanted.has(name))),
    own,
    removed: gone.filter((name) => changed.has(name) || !isComplete),
  }
}
