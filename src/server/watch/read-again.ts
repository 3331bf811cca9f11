import { setTimeout } from 'node:timers/promises'
import { keepServed, type ReadAgain } from '../../load/keep-served.ts'
import { loadFolders } from '../../load/load-crews.ts'
import type { LoadedFolder, LoadOptions } from '../../load/load-folder.ts'
import { codesOf, type Retirable } from '../served-crews.ts'
import type { Changes } from './changes.ts'
import type { Plan } from './plan.ts'

/** A folder that seems broken is looked at again after so long: it may be half written. */
const LOOK_AGAIN_MS = 150
/** Looks at a folder that is broken and changes on and on, before it is told. */
const MAX_LOOKS = 3

interface ReaderDeps {
  /** Asked for each reading. */
  readonly options: () => LoadOptions
  readonly changes: Pick<Changes, 'hasMore'>
  /** Takes all code that is loaded, also of what is not served then. */
  readonly live: Set<Retirable>
}

type Read = ReadonlyMap<string, LoadedFolder>

/** By their names, the folders of a plan, without those that seem to be half written: more is told of them soon. */
export function createReader({ options, changes, live }: ReaderDeps) {
  const looks = new Map<string, number>()

  function isHalfWritten(name: string): boolean {
    const count = (looks.get(name) ?? 0) + 1
    const isHalf = count < MAX_LOOKS && changes.hasMore(name)
    if (isHalf) looks.set(name, count)
    return isHalf
  }

  return async ({ dirs, own }: Plan, before: Read): Promise<ReadonlyMap<string, ReadAgain>> => {
    const folders = await loadFolders([...dirs.values()], options())
    for (const code of codesOf({ read: folders })) live.add(code)
    const broken = [...folders].filter(isBroken).map(([name]) => name)
    if (broken.length > 0) await setTimeout(LOOK_AGAIN_MS)
    const half = new Set(broken.filter(isHalfWritten))
    const whole = [...folders].filter(([name]) => !half.has(name))
    for (const [name] of whole) looks.delete(name)
    return new Map(
      whole.map(([name, now]) => [name, keepServed(before.get(name), now, own.has(name))]),
    )
  }
}

function isBroken([, { crews }]: readonly [string, LoadedFolder]): boolean {
  return crews.length === 0 || crews.some(({ crew }) => crew === null)
}
