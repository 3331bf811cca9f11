import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Runs } from '../../runs/runs.ts'
import { RootRunParams } from '../../wire/params.ts'
import { fromRun, RunDetail } from '../../wire/runs.ts'
import { type ResultFormat, StatusQuery, toReportOptions } from '../../wire/status.ts'

import { isKnown, NOT_MODIFIED } from '../etag.ts'
import { sendLong } from '../long-body.ts'

interface RunOptions {
  readonly runs: Runs
  readonly resultFormat: ResultFormat
}

/** Everything about a run. */
export const runRoute: FastifyPluginAsyncZod<RunOptions> = async (app, { runs, resultFormat }) => {
  app.get(
    '/runs/:kickoff_id',
    {
      schema: {
        operationId: 'getRun',
        tags: ['Crews and runs'],
        summary: 'Get an execution',
        description: 'The status of the execution with its crew, inputs, times and webhooks.',
        params: RootRunParams,
        querystring: StatusQuery,
        response: { 200: RunDetail, 304: NOT_MODIFIED },
        errors: ['run_not_found'],
      },
    },
    async (request, reply) => {
      const { params, query } = request
      const run = await runs.find(params.kickoff_id, null)
      if (isKnown(request, reply, run)) return reply.code(304).send(undefined)
      const report = await runs.report(run, toReportOptions(query))
      const inputs = await runs.inputs(run.id)
      const wanted = { resultFormat: query.result ?? resultFormat, now: Date.now() }
      return sendLong(reply, {
        render: (refer) => fromRun(report, inputs, { ...wanted, refer }),
        read: (step) => runs.output(run.id, step),
      })
    },
  )
}
