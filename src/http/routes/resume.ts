import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Guard } from '../../net/guard.ts'
import type { Runs } from '../../runs/runs.ts'
import { fromResume, ResumeRequest, ResumeResponse, toResume } from '../../wire/resume.ts'
import type { Scope } from '../scope.ts'

interface ResumeOptions {
  readonly runs: Runs
  readonly scope: Scope
  readonly guard: Guard
}

/** Answers the question that a run waits with. */
export const resumeRoute: FastifyPluginAsyncZod<ResumeOptions> = async (app, options) => {
  const { runs, scope, guard } = options
  app.post(
    '/resume',
    {
      schema: {
        operationId: `resumeCrewExecution${scope.suffix}`,
        tags: [scope.tag],
        summary: 'Answer the question of an execution',
        description:
          'Approves the answer that a person is asked to judge, and the execution goes on; or has the task done again with feedback.',
        params: scope.crewParams,
        body: ResumeRequest,
        response: { 200: ResumeResponse },
        errors: [
          ...scope.ownerErrors,
          'run_not_found',
          'task_not_found',
          'not_waiting',
          'stale_answer',
        ],
      },
    },
    async ({ params, body }) =>
      fromResume(await runs.resume(toResume(body, scope.ownerOf(params), guard)), body.is_approve),
  )
}
