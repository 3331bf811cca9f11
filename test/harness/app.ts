import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { createCatalog } from '../../src/crew/catalog.ts'
import type { Crew } from '../../src/crew/crew.ts'
import { type AppDeps, buildApp } from '../../src/http/app.ts'
import { createGuard } from '../../src/net/guard.ts'
import type { Runs } from '../../src/runs/runs.ts'

interface AppOptions extends Partial<Omit<AppDeps, 'runs' | 'catalog' | 'tokens'>> {
  /** What a test needs of them; anything else throws. */
  readonly runs?: Partial<Runs>
  readonly crews?: readonly Crew[]
  /** Default: none is needed. */
  readonly tokens?: readonly string[]
}

/** The HTTP server over the crews and runs that a test brings; it listens when the test says so. */
export async function openApp(options: AppOptions = {}): Promise<FastifyInstance> {
  const { runs = {}, crews = [], tokens, ...others } = options
  const app = await buildApp({
    runs: { ...NO_RUNS, ...runs },
    catalog: createCatalog(crews, crews.length === 1 ? (crews[0]?.name ?? null) : null),
    tokens: tokens?.map((token) => createHash('sha256').update(token).digest()) ?? 'off',
    guard: createGuard([]),
    resultFormat: 'object',
    assertReady: () => {},
    backup: unexpected('backup'),
    maxBodyBytes: 1024 * 1024,
    corsOrigins: [],
    version: '0.0.0',
    log: pino({ level: 'silent' }),
    ...others,
  })
  await app.ready()
  return app
}

const unexpected = (name: string) => async () => {
  throw new Error(`The test expects no call of ${name}.`)
}

const NO_RUNS: Runs = {
  kickoff: unexpected('kickoff'),
  find: unexpected('find'),
  report: unexpected('report'),
  inputs: unexpected('inputs'),
  output: unexpected('output'),
  message: unexpected('message'),
  list: unexpected('list'),
  resume: unexpected('resume'),
  stop: unexpected('stop'),
  versions: unexpected('versions'),
  retry: unexpected('retry'),
}
