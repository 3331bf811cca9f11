import { join } from 'node:path'
import type { Logger } from 'pino'
import type { LiveCatalog } from '../../crew/catalog.ts'
import type { ReadAgain } from '../../load/keep-served.ts'
import { joinFolders, type LoadedCrews, listFolders } from '../../load/load-crews.ts'
import type { LoadOptions } from '../../load/load-folder.ts'
import type { RunsService } from '../../runs/create-runs.ts'
import { codesOf, type Retirable } from '../served-crews.ts'
import type { Burst, Changes } from './changes.ts'
import { createJournalist, type News } from './news.ts'
import { type Plan, planOf } from './plan.ts'
import { createReader } from './read-again.ts'

export interface ReloadDeps {
  readonly crewsDir: string
  /** What is served when it begins. */
  readonly loaded: LoadedCrews
  /** Told what is served from then on. */
  readonly onLoaded: (loaded: LoadedCrews) => void
  readonly options: () => LoadOptions
  readonly catalog: LiveCatalog
  readonly runs: Pick<RunsService, 'serve' | 'revive'>
  readonly changes: Changes
  /** Code whose processes may live; kept up to date. */
  readonly live: Set<Retirable>
  readonly log: Logger
}

/** Serves crews as their files say, also when those change. */
export interface Reloads {
  follow(tell: (news: News) => void): void
  /** Resolves when nothing is loaded any more. */
  close(): Promise<void>
}

export function createReloads(deps: ReloadDeps): Reloads {
  const { crewsDir, catalog, changes, live, log } = deps
  const readAgain = createReader(deps)
  const journalist = createJournalist(deps.loaded)
  let { loaded } = deps
  let isGone = false
  let working: Promise<void> = Promise.resolve()

  async function onBurst(burst: Burst, tell: (news: News) => void): Promise<void> {
    const dirs = await listFolders(crewsDir).catch(() => null)
    const wasGone = isGone
    isGone = dirs === null
    if (isGone !== wasGone) tell({ trouble: isGone ? goneOf(crewsDir) : `${crewsDir} is back.` })
    if (dirs === null) return
    const plan = planOf({ ...burst, isComplete: burst.isComplete && !wasGone }, dirs, loaded.read)
    const again = await readAgain(plan, loaded.read)
    const before = new Map(catalog.names.map((name) => [name, catalog.get(name)]))
    const broken = await serveAgain(plan, again)
    const news = journalist.newsOf({ before, catalog, loaded, again })
    await revive(news.crews.flatMap(({ type, name }) => (type === 'added' ? [name] : [])))
    if (news.crews.length + news.problems.length > 0)
      tell({ ...news, variables: loaded.variables, broken, ...aboutOf(burst) })
  }

  async function serveAgain({ removed }: Plan, again: ReadonlyMap<string, ReadAgain>) {
    const read = new Map(loaded.read)
    for (const name of removed) read.delete(name)
    for (const [name, { folder }] of again) read.set(name, folder)
    loaded = await joinFolders(read)
    const { crews, codes } = loaded
    const served = [...crews.values()].map((crew) => catalog.prepare(crew, codes.get(crew.name)))
    const changed = served.filter((one) => one !== catalog.get(one.crew.name))
    const broken = await deps.runs.serve(changed).catch((err: unknown) => {
      // Each is recorded with its first run, then.
      log.error({ err }, 'changed crews could not be recorded')
      return []
    })
    deps.onLoaded(loaded)
    catalog.replace(crews.values(), codes)
    retireUnused()
    return broken
  }

  function retireUnused(): void {
    const used = new Set(codesOf(loaded))
    for (const code of [...live].filter((one) => !used.has(one))) {
      const drop = () => live.delete(code)
      code.retire().then(drop, drop)
    }
  }

  async function revive(crews: readonly string[]): Promise<void> {
    if (crews.length === 0) return
    const runs = await deps.runs.revive(crews).catch((err: unknown) => {
      log.error({ err, crews }, 'unfinished runs could not be looked for')
      return 0
    })
    if (runs > 0) log.info({ crews, runs }, 'unfinished runs of crews that are back go on')
  }

  return {
    follow(tell) {
      const onError = (err: unknown) => log.error({ err }, 'changed crews could not be loaded')
      changes.follow({
        onBurst(burst) {
          working = onBurst(burst, tell).catch(onError)
          return working
        },
        onFail: (reason) =>
          tell({ trouble: `${crewsDir} is not watched any more: ${reason}, and start again.` }),
      })
    },
    async close() {
      changes.close()
      await working
    },
  }
}

function goneOf(crewsDir: string): string {
  return `${crewsDir} is gone. Its crews are served as they were.`
}

function aboutOf({ changed, since }: Burst) {
  const files = [...changed].flatMap(([folder, paths]) =>
    [...paths].map((path) => join(folder, path)),
  )
  return { files, durationMs: Math.round(performance.now() - since) }
}
