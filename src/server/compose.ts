import { readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import { createInputVault } from '../access/input-vault.ts'
import type { Config } from '../config.ts'
import type { Crew } from '../crew/crew.ts'
import type { Database } from '../db/database.ts'
import { openDatabase } from '../db/open.ts'
import { inProcessDispatch } from '../dispatch/in-process.ts'
import { buildApp } from '../http/app.ts'
import { createModels, type Models } from '../llm/models.ts'
import type { LoadedCrews } from '../load/load-crews.ts'
import type { Problem } from '../load/problem.ts'
import { createOutboundClient } from '../net/client.ts'
import { createGuard } from '../net/guard.ts'
import { createRuns } from '../runs/create-runs.ts'
import type { BrokenContract } from '../runs/operations/serve.ts'
import type { Runs } from '../runs/runs.ts'
import { createUpkeep } from '../runs/upkeep.ts'
import { createCrews } from './crews.ts'
import { drain } from './drain.ts'
import { joinWebhooks } from './join-webhooks.ts'
import { createLifecycle } from './lifecycle.ts'
import { beginLoading, type Loading } from './loading.ts'
import { hashedTokens, type KeptToken, keepToken, openSecrets } from './secrets.ts'
import { servedBy } from './served-crews.ts'
import type { News } from './watch/news.ts'

/** What a start has met. */
export interface Begun {
  /** Runs of an earlier process that go on now. */
  readonly recovered: number
  /** Crews that break what callers of their version before rely on. */
  readonly broken: readonly BrokenContract[]
}

/** Everything of a server, opened and joined, and not yet listening. */
export interface Assembly {
  readonly app: Awaited<ReturnType<typeof buildApp>>
  /** The token that was made here; null when tokens are set, or none is needed. */
  readonly keptToken: KeptToken | null
  readonly crews: ReadonlyMap<string, Crew>
  /** Those that each crew has for itself, by its name. */
  readonly variables: LoadedCrews['variables']
  /** What is wrong in the crews' files; a crew with an error is not served. */
  readonly problems: readonly Problem[]
  readonly models: Models
  readonly database: Database
  readonly log: Logger
  /** Takes work from now on: webhooks and runs that are due, and kickoffs. */
  begin(): Promise<Begun>
  /** Serves what the files of crews say when they change, from now on; nothing when they are not watched. */
  follow(tell: (news: News) => void): void
  /**
   * Drains and stops: readiness goes off, no run begins, calls in flight may finish within the grace, and what they
   * bring is recorded. Unfinished runs go on at the next start. Calling it again waits for the same end.
   */
  close(): Promise<void>
}

/** @throws Error for people when a setting or the database cannot be used */
export async function compose(
  config: Config,
  loading: Loading = beginLoading(config),
): Promise<Assembly> {
  const { log, changes } = loading
  const loaded = await loading.crews
  const crews = createCrews(config, loaded, loading)
  const { catalog, variablesOf } = crews
  const guard = createGuard(config.outboundAllowedHosts, config.outboundNat64Prefixes)

  await using resources = new AsyncDisposableStack()
  resources.defer(crews.stop)
  resources.defer(() => changes?.close())
  const models = resources.adopt(createModels({ ...config.models, log }), (one) => one.close())
  const database = resources.adopt(await openDatabase(config.databaseUrl, log), (one) =>
    one.close(),
  )
  const keptToken = keepToken(config)
  const client = resources.adopt(createOutboundClient({ guard }), (one) => one.close())
  const dispatch = inProcessDispatch({ ...config, health: database.health, log })
  const lifecycle = createLifecycle(database.health)
  const message: Runs['message'] = (runId, seq) => runs.message(runId, seq)
  const vault = await openSecrets(config, database, log)
  const webhooks = joinWebhooks({ config, database, vault, client, message, log })
  const runs = createRuns({
    ...config,
    database,
    dispatch,
    catalog,
    model: (choice, crew) => models.resolve(choice, { own: variablesOf(crew) }),
    isSimulated: (crew) => models.isSimulated({ own: variablesOf(crew) }),
    isAccepting: lifecycle.isAccepting,
    followers: [webhooks.follower],
    sealWebhooks: webhooks.seal,
    inputVault: createInputVault(vault),
    log,
  })
  const upkeep = resources.adopt(createUpkeep({ ...config, database, log }), (one) => one.stop())
  const app = await buildApp({
    ...config,
    runs: { ...runs, kickoff: lifecycle.guarded(runs.kickoff) },
    catalog,
    tokens: hashedTokens(config, keptToken),
    guard,
    backup: database.backup,
    assertReady: lifecycle.assertReady,
    version: packageVersion(),
    log,
  })
  resources.defer(() => app.close())
  const reloads = crews.reloadsFor(runs)
  resources.defer(async () => reloads?.close())

  const opened = resources.move()
  return {
    ...{ app, models, database, keptToken, log },
    ...{ crews: loaded.crews, variables: loaded.variables, problems: loaded.problems },
    async begin() {
      webhooks.sender.start()
      const broken = await runs.serve(servedBy(catalog))
      const recovered = await runs.recover()
      lifecycle.opened()
      upkeep.start()
      return { recovered, broken }
    },
    follow: (tell) => reloads?.follow(tell),
    close: once(() => {
      lifecycle.closing()
      changes?.close()
      return drain({
        dispatch,
        runs,
        sender: webhooks.sender,
        closeConnections: () => app.server.closeAllConnections(),
        dispose: () => opened.disposeAsync(),
        graceMs: config.shutdownGraceMs,
      })
    }),
  }
}

/** However often it is asked for, it is done once, and all wait for that. */
function once(work: () => Promise<void>): () => Promise<void> {
  let working: Promise<void> | null = null
  return () => {
    working ??= work()
    return working
  }
}

function packageVersion(): string {
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(file) as { version: string }).version
}
