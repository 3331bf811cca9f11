import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Runs } from '../../runs/runs.ts'
import { fromRuns, RunList, RunsQuery } from '../../wire/runs.ts'

/** A page of runs, newest first. */
export const runsRoute: FastifyPluginAsyncZod<{ runs: Runs }> = async (app, { runs }) => {
  app.get(
    '/runs',
    {
      schema: {
        operationId: 'listRuns',
        tags: ['Crews and runs'],
        summary: 'List executions',
        description: 'Executions of all crews, newest first, a page at a time.',
        querystring: RunsQuery,
        response: { 200: RunList },
      },
    },
    async ({ query }) => fromRuns(await runs.list(query)),
  )
}
