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
import type { Crews } from './http/crews.ts'
import { createModels, type Models } from './llm/models.ts'
import { createOutboundClient } from './net/client.ts'
import { createGuard } from './net/guard.ts'
import { createRuns } from './runs/create-runs.ts'
import type { AfterAppend } from './runs/journal.ts'
import { enqueue } from './webhooks/outbox.ts'
import { createSender, type Sender } from './webhooks/sender.ts'
import { renderWebhooks } from './wire/webhook.ts'

/** What requests in flight get to be answered when the grace is over: a slow client must not keep the process. */
const MIN_ANSWER_MS = 1_000

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
  readonly models: Models
  readonly log: Logger
  /** Runs of an earlier process that go on now. */
  readonly recovered: number
  /**
   * Drains and stops: readiness goes off, no run begins, calls in flight may finish within the grace, and what they
   * bring is recorded. Unfinished runs go on at the next start. Calling it again waits for the same end.
   */
  close(): Promise<void>
}

/** Everything of a server, opened and joined, and not yet listening. */
export interface Assembly extends Omit<CoxswainServer, 'url' | 'recovered'> {
  readonly app: Awaited<ReturnType<typeof buildApp>>
  /** Takes work from now on: webhooks and runs that are due, and kickoffs. Returns how many runs go on. */
  begin(): Promise<number>
}

/**
 * Opens everything, joins it and listens.
 *
 * @throws Error for people when a setting, the database or the port cannot be used
 */
export async function startServer(config: Config): Promise<CoxswainServer> {
  const { app, begin, ...assembled } = await assemble(config)
  try {
    await listen(app, config)
    const url = urlOf(app.server.address() as AddressInfo)
    return { ...assembled, url, recovered: await begin() }
  } catch (error) {
    await assembled.close()
    throw error
  }
}

async function listen(app: Assembly['app'], { host, port }: Config): Promise<void> {
  await app.listen({ host, port }).catch((cause: unknown) => {
    throw new Error(`HOST=${host} and PORT=${port} cannot be listened on`, { cause })
  })
}

/** @throws Error for people when a setting or the database cannot be used */
export async function assemble(config: Config): Promise<Assembly> {
  const log = pino({ level: config.logLevel })
  const { crews, problems } = await loadCrews(config.crewsDir)
  const models = createModels({ ...config.models, log })
  const guard = createGuard(config.outboundAllowedHosts)

  await using resources = new AsyncDisposableStack()
  const database = resources.adopt(await openDatabase(config.databaseUrl), (one) => one.close())
  const keptToken = config.tokens === null ? keepToken(config) : null
  const client = resources.adopt(createOutboundClient({ guard }), (one) => one.close())
  const sender = createSender({ database, client, secrets: webhookSecretsOf(config), log })
  const dispatch = inProcessDispatch({ maxConcurrentRuns: config.maxConcurrentRuns, log })
  const lifecycle = { isReady: false, isClosing: false }
  const runs = createRuns({
    database,
    dispatch,
    crews,
    model: models.resolve,
    simulated: models.simulated,
    maxQueuedRuns: config.maxQueuedRuns,
    isAccepting: () => !lifecycle.isClosing,
    afterAppend: queueWebhooks(sender),
    log,
  })
  const app = await buildApp({
    runs,
    crews: servedCrews(config, crews),
    tokens: hashedTokens(config, keptToken),
    guard,
    resultFormat: config.resultFormat,
    isReady: () => lifecycle.isReady,
    corsOrigins: config.corsOrigins,
    version: packageVersion(),
    log,
  })
  resources.defer(() => app.close())

  const opened = resources.move()
  async function drainAndClose(): Promise<void> {
    lifecycle.isReady = false
    lifecycle.isClosing = true
    const deadline = Date.now() + config.shutdownGraceMs
    await dispatch.stop(config.shutdownGraceMs)
    await runs.release()
    await sender.stop(Math.max(0, deadline - Date.now()))
    const answerMs = Math.max(MIN_ANSWER_MS, deadline - Date.now())
    const timer = setTimeout(() => app.server.closeAllConnections(), answerMs)
    await opened.disposeAsync()
    clearTimeout(timer)
  }
  let closing: Promise<void> | null = null
  return {
    app,
    models,
    crews,
    problems,
    keptToken,
    log,
    async begin() {
      sender.start()
      const recovered = await runs.recover()
      lifecycle.isReady = true
      return recovered
    },
    close() {
      closing ??= drainAndClose()
      return closing
    },
  }
}

/** The webhooks of an event are written in its own commit, and sent once that is on disk. */
function queueWebhooks(sender: Sender): AfterAppend {
  return async (tx, run, events) => {
    const drafts = events.flatMap((event) => renderWebhooks(run, event))
    if (drafts.length === 0) return undefined
    await enqueue(tx, drafts, Date.now())
    return sender.wake
  }
}

function servedCrews(config: Config, crews: ReadonlyMap<string, Crew>): Crews {
  const names = [...crews.keys()]
  const onlyName = names.length === 1 ? (names[0] ?? null) : null
  const { defaultCrew, crewsDir } = config
  if (defaultCrew !== null && !crews.has(defaultCrew))
    throw new ConfigError(
      `DEFAULT_CREW names "${defaultCrew}", which is not served from ${crewsDir}. Served are: ${names.join(', ') || 'none'}.`,
    )
  return { names, get: (name) => crews.get(name), defaultName: defaultCrew ?? onlyName }
}

function hashedTokens({ tokens }: Config, kept: KeptToken | null): readonly Buffer[] | 'off' {
  if (tokens === 'off') return 'off'
  const plain = tokens ?? (kept === null ? [] : [kept.token])
  return plain.map((token) => createHash('sha256').update(token).digest())
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

function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

function packageVersion(): string {
  const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(file) as { version: string }).version
}
