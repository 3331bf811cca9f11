import cors from '@fastify/cors'
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  fastify,
  LogController,
} from 'fastify'
import type { Catalog } from '../crew/catalog.ts'
import type { Database } from '../db/database.ts'
import { AppError } from '../errors.ts'
import type { Guard } from '../net/guard.ts'
import type { Runs } from '../runs/runs.ts'
import type { ResultFormat } from '../wire/status.ts'
import { requireToken } from './auth.ts'
import { serializerCompiler, validatorCompiler } from './compilers.ts'
import { answerConnectionError, answerError } from './error-handler.ts'
import { guardJson } from './json-gate.ts'
import { limitsFor } from './limits.ts'
import { requireLoopback } from './loopback-only.ts'
import { requireOneHost } from './one-host.ts'
import { describeApi } from './openapi.ts'
import { backupRoute } from './routes/backup.ts'
import { crewRoute } from './routes/crew.ts'
import { crewsRoute } from './routes/crews.ts'
import { healthRoutes } from './routes/health.ts'
import { inputsRoute } from './routes/inputs.ts'
import { kickoffRoute } from './routes/kickoff.ts'
import { resumeRoute } from './routes/resume.ts'
import { retryRoute } from './routes/retry.ts'
import { runRoute } from './routes/run.ts'
import { runsRoute } from './routes/runs.ts'
import { statusRoute } from './routes/status.ts'
import { stopRoute } from './routes/stop.ts'
import { versionsRoute } from './routes/versions.ts'
import { crewScope, rootScope, type Scope } from './scope.ts'
import { dropSlowReaders } from './slow-readers.ts'

export interface AppDeps {
  readonly runs: Runs
  readonly catalog: Catalog
  /** SHA-256 of the bearer tokens; `off`: everybody may. */
  readonly tokens: readonly Uint8Array[] | 'off'
  /** Judges the webhook URLs that callers name. */
  readonly guard: Guard
  /** What `result` of a status is when the request does not say. */
  readonly resultFormat: ResultFormat
  readonly backup: Database['backup']
  /** Throws an AppError while the server takes no work. */
  readonly assertReady: () => void
  readonly maxBodyBytes: number
  /** Origins whose pages may call, compared exactly. */
  readonly corsOrigins: readonly string[]
  readonly version: string
  readonly log: FastifyBaseLogger
}

/** Puts the HTTP server together. It opens nothing: `listen` does, `close` ends it. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = fastify({
    ...limitsFor(deps.maxBodyBytes),
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: answerError,
    clientErrorHandler: answerConnectionError,
    // Refused by our own hook instead, in the shape of all other errors.
    return503OnClosing: false,
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(({ method, url }) => {
    throw new AppError('not_found', { method, path: url.split('?', 1)[0] ?? url })
  })
  requireOneHost(app)
  refuseWhileClosing(app)
  logRequests(app)
  guardJson(app)
  dropSlowReaders(app)
  if (deps.corsOrigins.length > 0) await app.register(cors, corsOptions(deps.corsOrigins))
  await describeApi(app, deps.version)
  await app.register(healthRoutes, { assertReady: deps.assertReady })
  await app.register(async (api) => {
    if (deps.tokens === 'off') requireLoopback(api, deps.corsOrigins)
    else await requireToken(api, deps.tokens)
    await registerApi(api, deps)
  })
  return app
}

/** The route table. */
async function registerApi(app: FastifyInstance, deps: AppDeps): Promise<void> {
  const { runs, catalog, guard, resultFormat } = deps
  const crewRoutes: FastifyPluginAsync<{ scope: Scope }> = async (api, { scope }) => {
    await api.register(inputsRoute, { scope }) //                       GET  /inputs
    await api.register(kickoffRoute, { scope, runs, guard }) //         POST /kickoff
    await api.register(statusRoute, { scope, runs, resultFormat }) //   GET  /status/:kickoff_id and /:kickoff_id/status
    await api.register(resumeRoute, { scope, runs, guard }) //          POST /resume
    await api.register(stopRoute, { scope, runs }) //                   POST /stop/:kickoff_id
  }
  await app.register(crewRoutes, { scope: rootScope(catalog) })
  await app.register(crewRoutes, { scope: crewScope(catalog), prefix: '/crews/:crew' })
  await app.register(crewsRoute, { catalog }) //                          GET  /crews
  await app.register(crewRoute, { catalog }) //                           GET  /crews/:crew
  await app.register(versionsRoute, { runs }) //                        GET  /crews/:crew/versions
  await app.register(runsRoute, { runs }) //                            GET  /runs
  await app.register(runRoute, { runs, resultFormat }) //               GET  /runs/:kickoff_id
  await app.register(retryRoute, { runs }) //                           POST /runs/:kickoff_id/retry
  await app.register(backupRoute, { backup: deps.backup }) //           GET  /backup
}

function corsOptions(origins: readonly string[]) {
  return {
    origin: [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['Authorization', 'Content-Type'],
    exposedHeaders: ['Retry-After'],
  }
}

/** Requests that still arrive on open connections after `close` has begun. */
function refuseWhileClosing(app: FastifyInstance): void {
  let isClosing = false
  app.addHook('preClose', (done) => {
    isClosing = true
    done()
  })
  app.addHook('onRequest', (_request, _reply, done) => {
    done(isClosing ? new AppError('shutting_down') : undefined)
  })
}

/** One line a request, without its query. */
function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { method, url } = request
    const { statusCode, elapsedTime } = reply
    const path = url.split('?', 1)[0]
    request.log.info({ method, path, statusCode, durationMs: Math.round(elapsedTime) }, 'request')
    done()
  })
}
