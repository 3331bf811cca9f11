import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Runs } from '../../runs/runs.ts'
import { RootRunParams } from '../../wire/params.ts'
import { fromRun, RunDetail } from '../../wire/runs.ts'
import { type ResultFormat, StatusQuery } from '../../wire/status.ts'

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
        response: { 200: RunDetail },
        errors: ['run_not_found'],
      },
    },
    async ({ params, query }) =>
      fromRun(await runs.report(params.kickoff_id, null), {
        resultFormat: query.result ?? resultFormat,
        now: Date.now(),
      }),
  )
}
