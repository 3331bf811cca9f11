import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Runs } from '../../runs/runs.ts'
import { fromStop, StopResponse } from '../../wire/stop.ts'
import type { Scope } from '../scope.ts'

interface StopOptions {
  readonly runs: Runs
  readonly scope: Scope
}

/** Ends a run that has not ended. */
export const stopRoute: FastifyPluginAsyncZod<StopOptions> = async (app, { runs, scope }) => {
  app.post(
    '/stop/:kickoff_id',
    {
      schema: {
        operationId: `stopExecution${scope.suffix}`,
        tags: [scope.tag],
        summary: 'Stop an execution',
        description: 'Ends the execution; calls in flight are broken off. Takes no body.',
        params: scope.runParams,
        response: { 200: StopResponse },
        errors: [...scope.ownerErrors, 'run_not_found', 'already_ended'],
      },
    },
    async ({ params }) => fromStop(await runs.stop(params.kickoff_id, scope.ownerOf(params))),
  )
}
