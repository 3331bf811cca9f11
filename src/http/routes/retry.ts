import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Runs } from '../../runs/runs.ts'
import { RootRunParams } from '../../wire/params.ts'
import { fromRetry, RetryResponse } from '../../wire/retry.ts'

interface RetryOptions {
  readonly runs: Runs
}

/** Lets a failed run go on. */
export const retryRoute: FastifyPluginAsyncZod<RetryOptions> = async (app, { runs }) => {
  app.post(
    '/runs/:kickoff_id/retry',
    {
      schema: {
        operationId: 'retryRun',
        tags: ['Crews and runs'],
        summary: 'Retry a failed execution',
        description:
          'The execution goes on from its last finished step, under the same id and with the definition of the crew that it was started with. Its crew webhook is sent again at the new end. Takes no body.',
        params: RootRunParams,
        response: { 200: RetryResponse },
        errors: ['run_not_found', 'crew_not_found', 'not_failed', 'queue_full'],
      },
    },
    async ({ params }) => fromRetry(await runs.retry(params.kickoff_id)),
  )
}
