import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { type Config, ConfigError } from './config.ts'
import type { Crew } from './crew/crew.ts'
import { loadCrews } from './crew/load/load-crews.ts'
import type { Problem } from './crew/load/problem.ts'
import { keptSecret } from './db/kept-secret.ts'
import { openDatabase } from './db/open.ts'
import { inProcessDispatch } from './dispatch/in-process.ts'
import { buildApp } from './http/app.ts'
import { createModels } from './llm/models.ts'
import { createOutboundClient } from './net/client.ts'
import { createGuard } from './net/guard.ts'
import { createRuns } from './runs/create-runs.ts'
import { enqueue } from './webhooks/outbox.ts'
import { createSender } from './webhooks/sender.ts'
import { renderWebhooks } from './wire/webhook.ts'

interface KeptToken {
  readonly token: string
  readonly file: string
}

export interface CoxswainServer {
  /** `http://<host>:<port>`. */
  readonly url: string
  /** The token that was made here; null when tokens are set, or none is needed. */
  readonly keptToken: KeptToken | null
  readonly crews: ReadonlyMap<string, Crew>
  /** What is wrong in the crews' files; a crew with an error is not served. */
  readonly problems: readonly Problem[]
  readonly simulated: boolean
  /** Runs of an earlier process that go on now. */
  readonly recovered: number
  /**
   * Drains and stops: readiness goes off, no run begins, calls in flight may finish within the grace, and what they
   * bring is recorded. Unfinished runs go on at the next start.
   */
  close(): Promise<void>
}

/**
 * Opens everything, joins it and listens.
 *
 * @throws Error for people when a setting, the database or the port cannot be used
 */
export async function startServer(config: Config): Promise<CoxswainServer> {
  const log = pino({ level: config.logLevel })
  const { crews, problems } = await loadCrews(config.crewsDir)
  const defaultName = defaultCrewOf(config, crews)
  const models = createModels({
    simulate: config.simulate,
    simulatedLatencyMs: config.simulatedLatencyMs,
    defaultModel: config.defaultModel,
    environment: config.modelEnvironment,
  })
  const guard = createGuard(config.outboundAllowedHosts)

  await using resources = new AsyncDisposableStack()
  const database = await openDatabase(config.databaseUrl)
  resources.defer(() => database.close())
  const keptToken = config.tokens === null ? keepToken(config) : null
  const client = createOutboundClient({ guard })
  resources.defer(() => client.close())
  const secrets = webhookSecretsOf(config)
  const sender = createSender({ database, client, secrets, log })
  const dispatch = inProcessDispatch({ maxConcurrentRuns: config.maxConcurrentRuns, log })

  let isReady = false
  let isClosing = false
  const runs = createRuns({
    database,
    dispatch,
    crews,
    model: models.resolve,
    simulated: models.simulated,
    maxQueuedRuns: config.maxQueuedRuns,
    isAccepting: () => !isClosing,
    log,
    async afterAppend(tx, run, events) {
      const drafts = events.flatMap((event) => renderWebhooks(run, event))
      if (drafts.length === 0) return undefined
      await enqueue(tx, drafts, Date.now())
      return sender.wake
    },
  })
  const app = await buildApp({
    runs,
    crews: { names: [...crews.keys()], get: (name) => crews.get(name), defaultName },
    tokens:
      config.tokens === 'off' ? 'off' : (config.tokens ?? [keptToken?.token ?? '']).map(sha256),
    guard,
    resultFormat: config.resultFormat,
    isReady: () => isReady,
    corsOrigins: config.corsOrigins,
    version: versionOf(),
    log,
  })
  resources.defer(() => app.close())

  await app.listen({ host: config.host, port: config.port })
  sender.start()
  const recovered = await runs.recover()
  isReady = true

  const opened = resources.move()
  return {
    url: urlOf(app.server.address() as AddressInfo),
    keptToken,
    crews,
    problems,
    simulated: models.simulated,
    recovered,
    async close() {
      isReady = false
      isClosing = true
      const deadline = Date.now() + config.shutdownGraceMs
      await dispatch.stop(config.shutdownGraceMs)
      await sender.stop(Math.max(0, deadline - Date.now()))
      await opened.disposeAsync()
      flushLog(log)
    },
  }
}

function flushLog(log: Logger): void {
  log.flush()
}

function defaultCrewOf({ defaultCrew, crewsDir }: Config, crews: ReadonlyMap<string, Crew>) {
  const names = [...crews.keys()]
  if (defaultCrew === null) return names.length === 1 ? (names[0] ?? null) : null
  if (crews.has(defaultCrew)) return defaultCrew
  throw new ConfigError(
    `DEFAULT_CREW names "${defaultCrew}", which is not served from ${crewsDir}. Served are: ${names.join(', ') || 'none'}.`,
  )
}

/** 256 bits; the prefix lets secret scanners find a leaked one. */
function keepToken({ dataDir }: Config): KeptToken {
  const file = join(dataDir, 'token')
  return { file, token: keptSecret(file, () => `cox_${randomBytes(32).toString('base64url')}`) }
}

function webhookSecretsOf({ webhookSecrets, dataDir }: Config): readonly string[] {
  const make = () => `whsec_${randomBytes(32).toString('base64')}`
  return webhookSecrets ?? [keptSecret(join(dataDir, 'webhook-secret'), make)]
}

function sha256(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

function versionOf(): string {
  const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(file) as { version: string }).version
}
