import type { Catalog, Served } from '../../crew/catalog.ts'
import { type Change, changesBetween } from '../../crew/changes.ts'
import type { Crew } from '../../crew/crew.ts'
import { toDefinition } from '../../crew/definition.ts'
import type { ReadAgain } from '../../load/keep-served.ts'
import type { LoadedCrews } from '../../load/load-crews.ts'
import type { Problem } from '../../load/problem.ts'
import type { BrokenContract } from '../../runs/operations/serve.ts'

/** What became of the crews when their files changed. */
export interface Reload {
  /** From the first change that was seen until everything was served. */
  readonly durationMs: number
  /** Paths of changed files, relative to the folder of crews; of many, some. */
  readonly files: readonly string[]
  readonly crews: readonly CrewNews[]
  /** Those that each crew has for itself now, by its name. */
  readonly variables: LoadedCrews['variables']
  /** Those that were not told before. */
  readonly problems: readonly Problem[]
  /** Crews that break what callers of their version before rely on. */
  readonly broken: readonly BrokenContract[]
}

export type CrewNews =
  | { readonly type: 'added'; readonly name: string; readonly crew: Crew }
  /** `isMended`: it was broken meanwhile. */
  | {
      readonly type: 'changed'
      readonly name: string
      readonly crew: Crew
      readonly changes: readonly Change[]
      readonly hasOtherCode: boolean
      readonly isMended: boolean
    }
  /** Its files are broken: it is served as it was. */
  | { readonly type: 'kept'; readonly name: string }
  /** Its files say again what is served. */
  | { readonly type: 'mended'; readonly name: string }
  | { readonly type: 'removed'; readonly name: string }

/** Something about the folder of crews as a whole, as a sentence. */
interface WatchTrouble {
  readonly trouble: string
}

export type News = Reload | WatchTrouble

interface Turn {
  /** What was served before, by name. */
  readonly before: ReadonlyMap<string, Served | undefined>
  readonly catalog: Catalog
  readonly loaded: LoadedCrews
  /** The folders that were read, by their names. */
  readonly again: ReadonlyMap<string, ReadAgain>
}

/** Knows what was told already. */
export function createJournalist(loaded: LoadedCrews) {
  let kept: ReadonlySet<string> = new Set()
  let told = new Set(loaded.problems.map(keyOf))

  return {
    /** What a reader of the former news would want to know of this turn. */
    newsOf({ before, catalog, loaded: { crews, folders, problems }, again }: Turn) {
      const wasKept = kept
      const elsewhere = [...wasKept].filter((name) => !again.has(folders.get(name) ?? ''))
      const here = [...again.values()].flatMap((one) => one.kept)
      kept = new Set([...elsewhere, ...here].filter((name) => crews.has(name)))
      const names = [...new Set([...before.keys(), ...catalog.names])]
      const news = names.flatMap((name) => {
        const change = { name, before: before.get(name), after: catalog.get(name) }
        return newsOfCrew(change, wasKept.has(name), kept.has(name)) ?? []
      })
      const untold = problems.filter((problem) => !told.has(keyOf(problem)))
      told = new Set(problems.map(keyOf))
      return { crews: news, problems: untold }
    },
  }
}

interface CrewChange {
  readonly name: string
  readonly before: Served | undefined
  readonly after: Served | undefined
}

function newsOfCrew(
  { name, before, after }: CrewChange,
  wasKept: boolean,
  isKept: boolean,
): CrewNews | null {
  if (after === undefined) return before === undefined ? null : { type: 'removed', name }
  if (before === undefined) return { type: 'added', name, crew: after.crew }
  if (isKept) return wasKept ? null : { type: 'kept', name }
  if (before === after) return wasKept ? { type: 'mended', name } : null
  const changes = changesBetween(toDefinition(before.crew), toDefinition(after.crew))
  const hasOtherCode = before.codeHash !== after.codeHash
  return { type: 'changed', name, crew: after.crew, changes, hasOtherCode, isMended: wasKept }
}

/** A problem that only moved is the same. */
function keyOf({ code, file, key, message }: Problem): string {
  return JSON.stringify([code, file, key, message])
}
