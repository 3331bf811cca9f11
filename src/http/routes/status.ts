import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Runs } from '../../runs/runs.ts'
import {
  ExecutionStatus,
  fromReport,
  type ResultFormat,
  StatusQuery,
  toReportOptions,
} from '../../wire/status.ts'
import { isKnown, NOT_MODIFIED } from '../etag.ts'
import { sendLong } from '../long-body.ts'
import type { Scope } from '../scope.ts'

interface StatusOptions {
  readonly runs: Runs
  readonly scope: Scope
  readonly resultFormat: ResultFormat
}

/** AMP's document had the second path from December 2025 to May 2026; clients of that time still use it. */
const PATHS = [
  { path: '/status/:kickoff_id', operationId: 'getExecutionStatus' },
  { path: '/:kickoff_id/status', operationId: 'getStatusOfExecution' },
]

/** How far a run is, and what it came to. */
export const statusRoute: FastifyPluginAsyncZod<StatusOptions> = async (app, options) => {
  const { runs, scope, resultFormat } = options
  for (const { path, operationId } of PATHS)
    app.get(
      path,
      {
        schema: {
          operationId: operationId + scope.suffix,
          tags: [scope.tag],
          summary: 'Get the status of an execution',
          description: 'How far the execution is and, once it is completed, its result.',
          params: scope.runParams,
          querystring: StatusQuery,
          response: { 200: ExecutionStatus, 304: NOT_MODIFIED },
          errors: [...scope.ownerErrors, 'run_not_found'],
        },
      },
      async (request, reply) => {
        const { params, query } = request
        const run = await runs.find(params.kickoff_id, scope.ownerOf(params))
        if (isKnown(request, reply, run)) return reply.code(304).send(undefined)
        const report = await runs.report(run, toReportOptions(query))
        const wanted = { resultFormat: query.result ?? resultFormat, now: Date.now() }
        return sendLong(reply, {
          render: (refer) => fromReport(report, { ...wanted, refer }),
          read: (step) => runs.output(run.id, step),
        })
      },
    )
}
