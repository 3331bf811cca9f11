import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Catalog } from '../../crew/catalog.ts'
import { CrewDetail, fromCrew } from '../../wire/crews.ts'
import { CrewParams } from '../../wire/params.ts'
import { getCrew } from '../crews.ts'

/** A crew with its agents, its tasks and the schema of its inputs. */
export const crewRoute: FastifyPluginAsyncZod<{ catalog: Catalog }> = async (app, { catalog }) => {
  app.get(
    '/crews/:crew',
    {
      schema: {
        operationId: 'getCrew',
        tags: ['Crews and runs'],
        summary: 'Get a crew',
        description: 'The crew with its agents, its tasks and the JSON Schema of its inputs.',
        params: CrewParams,
        response: { 200: CrewDetail },
        errors: ['crew_not_found'],
      },
    },
    async ({ params }) => fromCrew(getCrew(catalog, params.crew), catalog.defaultName),
  )
}
