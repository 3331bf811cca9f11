import type { Config } from '../config.ts'
import type { LiveCatalog } from '../crew/catalog.ts'
import type { Variables } from '../crew/variables.ts'
import type { LoadedCrews } from '../load/load-crews.ts'
import type { RunsService } from '../runs/create-runs.ts'
import type { Loading } from './loading.ts'
import { catalogOf, codesOf, stopAll } from './served-crews.ts'
import { createReloads, type Reloads } from './watch/reload.ts'

/** The crews of a server, as their files say now. */
export interface Crews {
  readonly catalog: LiveCatalog
  /** Those that a crew has for itself. */
  readonly variablesOf: (crew: string) => Variables
  /** What serves changed files from now on; null when they are not watched. */
  reloadsFor(runs: RunsService): Reloads | null
  /** Ends all processes with code of crews. */
  stop(): Promise<void>
}

/** @throws ConfigError when the default crew is not there */
export function createCrews(config: Config, first: LoadedCrews, loading: Loading): Crews {
  const { crewsDir } = config
  const { again: options, changes, python, log } = loading
  const live = new Set(codesOf(first))
  const catalog = catalogOf(config, first)
  let loaded = first
  const onLoaded = (next: LoadedCrews) => {
    loaded = next
  }
  return {
    catalog,
    variablesOf: (crew) => loaded.variables.get(crew) ?? {},
    reloadsFor(runs) {
      if (changes === null) return null
      return createReloads({
        crewsDir,
        loaded,
        onLoaded,
        options,
        catalog,
        runs,
        changes,
        live,
        log,
      })
    },
    stop: () => stopAll([...live, python]),
  }
}
