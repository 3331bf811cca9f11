import { isIPv4, isIPv6 } from 'node:net'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { parseKey, type SealingKey } from './access/seal.ts'
import { isModelConfigured } from './llm/model-finder.ts'
import type { ModelsOptions } from './llm/models.ts'
import type { ChangedCode } from './runs/changed-code.ts'
import { DELIVERY_ORDERS, type DeliveryOrder } from './webhooks/delivery.ts'
import type { ResultFormat } from './wire/status.ts'
import { SECRET_VARIABLES } from './workers/node/environment.ts'
import {
  DEFAULT_IDLE_MS,
  DEFAULT_MEMORY_MB,
  type WorkerOptions,
} from './workers/node/node-crew-code.ts'
import {
  DEFAULT_PYTHON_IDLE_MS,
  DEFAULT_PYTHON_MEMORY_MB,
  type PythonOptions,
} from './workers/python/python-crew-code.ts'

/** The settings, read once. README has the table. */
export interface Config {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly crewsDir: string
  readonly defaultCrew: string | null
  /** Where commands find the running server; null: it cannot be known. */
  readonly serverUrl: string | null
  readonly databaseUrl: string
  /** Where the secrets that were made here are kept. */
  readonly dataDir: string
  /** Bearer tokens; null: one is made and kept; `off`: everybody may. */
  readonly tokens: readonly string[] | null | 'off'
  readonly models: Omit<ModelsOptions, 'log'>
  readonly workers: Required<Pick<WorkerOptions, 'memoryMb' | 'idleMs'>>
  readonly python: Required<Pick<PythonOptions, 'interpreter' | 'memoryMb' | 'idleMs'>>
  readonly maxConcurrentRuns: number
  readonly maxQueuedRuns: number
  /** Of a request. */
  readonly maxBodyBytes: number
  readonly changedCode: ChangedCode
  /** `whsec_…`; null: one is made and kept. */
  readonly webhookSecrets: readonly string[] | null
  readonly webhookOrder: DeliveryOrder
  /** The first one encrypts, all decrypt; null: one is made and kept. */
  readonly encryptionKeys: readonly SealingKey[] | null
  readonly outboundAllowedHosts: readonly string[]
  readonly outboundNat64Prefixes: readonly string[]
  readonly corsOrigins: readonly string[]
  readonly resultFormat: ResultFormat
  readonly shutdownGraceMs: number
  /** How long a run is kept after its end; null: for ever. */
  readonly retentionMs: number | null
  readonly logLevel: string
  /** Null: for people on a terminal, else JSON. */
  readonly logFormat: 'json' | 'text' | null
}

/** A setting that cannot be used: one line that names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

const DAY_MS = 86_400_000
const MIB = 1024 * 1024
const DEFAULT_MODEL = 'gpt-4o-mini'
const DEFAULT_SIMULATED_LATENCY_MS = 300
const DAY_SECONDS = 86_400

const text = z.string()
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)
const whole = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d+$/, error)
    .transform(Number)
    .refine((n) => n >= min && n <= max, error)
}
const days = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'must be a number of days')
  .transform(Number)
  .refine((n) => n > 0 && n <= 36_500, 'must be above 0 and at most 36500')
const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` })
const onOff = oneOf('on', 'off', 'true', 'false', '1', '0').transform((value) =>
  ['on', 'true', '1'].includes(value),
)
const isOrigin = (value: string) => URL.canParse(value) && new URL(value).origin === value
const isHttp = (value: string) => /^https?:$/.test(URL.parse(value)?.protocol ?? '')
const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/
const isSecret = (value: string) => {
  const sizeBytes = Buffer.byteLength(SECRET.exec(value)?.[1] ?? '', 'base64')
  return sizeBytes >= 24 && sizeBytes <= 64
}
const secrets = list.refine(
  (values) => values.length > 0 && values.every(isSecret),
  'must be secrets of the form whsec_ and base64 of 24 to 64 bytes, separated by commas',
)
const sealingKeys = list.transform((values, { addIssue }) => {
  const keys = values.map(parseKey).filter((key) => key !== undefined)
  if (keys.length === 0 || keys.length < values.length)
    addIssue('must be base64 of 32 bytes, or several of them separated by commas')
  return keys
})

export const Environment = z.object({
  HOST: text.default('127.0.0.1'),
  PORT: whole(0, 65_535).default(8000),
  CREWS_DIR: text.default('./crews'),
  DEFAULT_CREW: text.optional(),
  DATABASE_URL: text
    .regex(/^sqlite:./, 'must be sqlite: and the path of a file')
    .default('sqlite:./data/coxswain.db'),
  COXSWAIN_URL: text.refine(isHttp, 'must be an http or https URL').optional(),
  COXSWAIN_TOKEN: list.refine((tokens) => tokens.length > 0, 'must not be empty').optional(),
  COXSWAIN_PYTHON: text.optional(),
  COXSWAIN_SIMULATE: onOff.optional(),
  COXSWAIN_SIMULATE_LATENCY_MS: whole(0, 600_000).default(DEFAULT_SIMULATED_LATENCY_MS),
  OPENAI_MODEL_NAME: text.optional(),
  MODEL: text.optional(),
  MODEL_RETRY_HORIZON_SECONDS: whole(0, 30 * DAY_SECONDS).default(DAY_SECONDS),
  NODE_USE_ENV_PROXY: onOff.default(false),
  NODE_ENV: text.optional(),
  MAX_CONCURRENT_RUNS: whole(1, 10_000).default(100),
  WORKER_MEMORY_MB: whole(256, 65_536).default(DEFAULT_MEMORY_MB),
  WORKER_IDLE_SECONDS: whole(1, 86_400).default(DEFAULT_IDLE_MS / 1000),
  PYTHON_MEMORY_MB: whole(64, 1_048_576).default(DEFAULT_PYTHON_MEMORY_MB),
  PYTHON_IDLE_SECONDS: whole(1, 86_400).default(DEFAULT_PYTHON_IDLE_MS / 1000),
  MAX_QUEUED_RUNS: whole(1, 1_000_000).default(10_000),
  MAX_BODY_BYTES: whole(1024, 256 * MIB).default(8 * MIB),
  CHANGED_CODE: oneOf('continue', 'fail').default('continue'),
  WEBHOOK_SECRET: secrets.optional(),
  WEBHOOK_ORDER: oneOf(...DELIVERY_ORDERS).default('relaxed'),
  ENCRYPTION_KEY: sealingKeys.optional(),
  OUTBOUND_ALLOWED_HOSTS: list.default([]),
  OUTBOUND_NAT64_PREFIXES: list.default([]),
  CORS_ORIGINS: list
    .refine((origins) => origins.every(isOrigin), 'must be origins such as https://app.example.com')
    .default([]),
  RESULT_FORMAT: oneOf('object', 'string').default('object'),
  // Docker kills after 10 s; what is left is for the last records and the exit.
  RETENTION_DAYS: days.optional(),
  SHUTDOWN_GRACE_SECONDS: whole(0, 3600).default(8),
  LOG_LEVEL: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent').default('info'),
  LOG_FORMAT: oneOf('json', 'text').optional(),
})

/**
 * Reads the settings. An empty variable counts as absent.
 *
 * @throws ConfigError for the first setting that cannot be used
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1]?.trim())),
  )
  refuseUnknown(given)
  const parsed = Environment.safeParse(given)
  if (!parsed.success) throw new ConfigError(describe(parsed.error, given))
  const settings = parsed.data
  // Crews may name any variable for the key of a model.
  const environment = Object.fromEntries(
    Object.entries(given).filter(
      ([name]) => !(SECRET_VARIABLES.includes(name) || name.startsWith('COXSWAIN_')),
    ),
  )
  return Object.freeze({
    host: settings.HOST,
    port: settings.PORT,
    crewsDir: resolve(settings.CREWS_DIR),
    defaultCrew: settings.DEFAULT_CREW ?? null,
    serverUrl: settings.COXSWAIN_URL?.replace(/\/+$/, '') ?? defaultUrl(settings),
    databaseUrl: settings.DATABASE_URL,
    dataDir: dataDirOf(settings.DATABASE_URL),
    tokens: tokensOf(settings.COXSWAIN_TOKEN, settings.HOST),
    models: {
      environment,
      defaultModel: settings.OPENAI_MODEL_NAME ?? settings.MODEL ?? DEFAULT_MODEL,
      simulate:
        settings.COXSWAIN_SIMULATE ??
        (!isModelConfigured(environment) && settings.NODE_ENV !== 'production'),
      simulateAll: settings.COXSWAIN_SIMULATE ?? false,
      simulatedLatencyMs: settings.COXSWAIN_SIMULATE_LATENCY_MS,
      retryHorizonMs: settings.MODEL_RETRY_HORIZON_SECONDS * 1000,
      usesProxy: settings.NODE_USE_ENV_PROXY,
    },
    workers: {
      memoryMb: settings.WORKER_MEMORY_MB,
      idleMs: settings.WORKER_IDLE_SECONDS * 1000,
    },
    python: {
      interpreter: interpreterOf(settings.COXSWAIN_PYTHON),
      memoryMb: settings.PYTHON_MEMORY_MB,
      idleMs: settings.PYTHON_IDLE_SECONDS * 1000,
    },
    maxConcurrentRuns: settings.MAX_CONCURRENT_RUNS,
    maxQueuedRuns: settings.MAX_QUEUED_RUNS,
    maxBodyBytes: settings.MAX_BODY_BYTES,
    changedCode: settings.CHANGED_CODE,
    webhookSecrets: settings.WEBHOOK_SECRET ?? null,
    webhookOrder: settings.WEBHOOK_ORDER,
    encryptionKeys: settings.ENCRYPTION_KEY ?? null,
    outboundAllowedHosts: settings.OUTBOUND_ALLOWED_HOSTS,
    outboundNat64Prefixes: settings.OUTBOUND_NAT64_PREFIXES,
    corsOrigins: settings.CORS_ORIGINS,
    resultFormat: settings.RESULT_FORMAT,
    retentionMs: settings.RETENTION_DAYS === undefined ? null : settings.RETENTION_DAYS * DAY_MS,
    shutdownGraceMs: settings.SHUTDOWN_GRACE_SECONDS * 1000,
    logLevel: settings.LOG_LEVEL,
    logFormat: settings.LOG_FORMAT ?? null,
  })
}

/** What Kubernetes tells of a Service that is called coxswain: `COXSWAIN_SERVICE_HOST`, `COXSWAIN_PORT_8000_TCP`, … */
const SERVICE_LINK = /^COXSWAIN_(\w+_)?(SERVICE_(HOST|PORT)|PORT)(_\w+)?$/

/** A misspelt setting of ours must not pass for an absent one: `COXSWAIN_TOKENS=off` would be read as "make a token". */
function refuseUnknown(given: Readonly<Record<string, string>>): void {
  const known = Object.keys(Environment.shape).filter((name) => name.startsWith('COXSWAIN_'))
  const unknown = Object.keys(given).find(
    (name) => name.startsWith('COXSWAIN_') && !known.includes(name) && !SERVICE_LINK.test(name),
  )
  if (unknown !== undefined)
    throw new ConfigError(`${unknown} is not a setting. There are: ${known.join(', ')}.`)
}

/** The value of a secret is never repeated. */
function describe({ issues }: z.ZodError, given: Readonly<Record<string, string>>): string {
  const [issue] = issues
  const name = String(issue?.path[0])
  const got = SECRET_VARIABLES.includes(name) ? '' : `, got ${JSON.stringify(given[name])}`
  return `${name} ${issue?.message}${got}.`
}

function tokensOf(tokens: readonly string[] | undefined, host: string): Config['tokens'] {
  if (tokens === undefined) return null
  if (!tokens.includes('off')) return tokens
  if (tokens.length > 1) throw new ConfigError('COXSWAIN_TOKEN is either off or a list of tokens.')
  if (!isLoopback(host))
    throw new ConfigError(
      `COXSWAIN_TOKEN=off is only allowed when HOST is a loopback address such as 127.0.0.1, got "${host}".`,
    )
  return 'off'
}

function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith('127.')
  return isIPv6(host) ? host === '::1' : host === 'localhost'
}

/** The server of this machine; any free port is known to nobody. */
function defaultUrl({ HOST: host, PORT: port }: z.output<typeof Environment>): string | null {
  if (port === 0) return null
  const name = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
  return `http://${isIPv6(name) ? `[${name}]` : name}:${port}`
}

/** A path, or a name in PATH. */
function interpreterOf(setting: string | undefined): string | null {
  if (setting === undefined) return null
  return setting.includes('/') ? resolve(setting) : setting
}

function dataDirOf(databaseUrl: string): string {
  const path = databaseUrl.replace(/^sqlite:/, '')
  return path === ':memory:' ? resolve('./data') : dirname(resolve(path))
}
