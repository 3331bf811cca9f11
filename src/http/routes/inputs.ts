import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { fromInputs, InputsResponse } from '../../wire/inputs.ts'
import type { Scope } from '../scope.ts'

/** What a kickoff must bring. */
export const inputsRoute: FastifyPluginAsyncZod<{ scope: Scope }> = async (app, { scope }) => {
  app.get(
    '/inputs',
    {
      schema: {
        operationId: `getRequiredInputs${scope.suffix}`,
        tags: [scope.tag],
        summary: 'Get required inputs',
        description: 'The names of the inputs that a kickoff of the crew must give.',
        params: scope.crewParams,
        response: { 200: InputsResponse },
        errors: [...scope.crewErrors],
      },
    },
    async ({ params }) => fromInputs(scope.crewOf(params)),
  )
}
