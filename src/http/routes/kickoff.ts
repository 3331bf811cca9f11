import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Guard } from '../../net/guard.ts'
import type { Runs } from '../../runs/runs.ts'
import { fromKickoff, KickoffRequest, KickoffResponse, toKickoff } from '../../wire/kickoff.ts'
import type { Scope } from '../scope.ts'

interface KickoffOptions {
  readonly runs: Runs
  readonly scope: Scope
  readonly guard: Guard
}

/** Starts a run. Answers as soon as it is recorded; the run goes on by itself. */
export const kickoffRoute: FastifyPluginAsyncZod<KickoffOptions> = async (app, options) => {
  const { runs, scope, guard } = options
  app.post(
    '/kickoff',
    {
      schema: {
        operationId: `startCrewExecution${scope.suffix}`,
        tags: [scope.tag],
        summary: 'Start an execution',
        description:
          'Starts an execution of the crew and answers at once. Ask for its status, or have webhooks told.',
        params: scope.crewParams,
        body: KickoffRequest,
        response: { 200: KickoffResponse },
        errors: [
          ...scope.crewErrors,
          'version_not_found',
          'version_not_runnable',
          'missing_inputs',
          'queue_full',
        ],
      },
    },
    async ({ params, body }) =>
      fromKickoff(await runs.kickoff(toKickoff(body, scope.crewOf(params).name, guard))),
  )
}
