import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Catalog } from '../../crew/catalog.ts'
import { CrewList, fromCrews } from '../../wire/crews.ts'
import { listCrews } from '../crews.ts'

/** The crews of this server. */
export const crewsRoute: FastifyPluginAsyncZod<{ catalog: Catalog }> = async (app, { catalog }) => {
  app.get(
    '/crews',
    {
      schema: {
        operationId: 'listCrews',
        tags: ['Crews and runs'],
        summary: 'List the crews',
        description: 'The crews that this server runs.',
        response: { 200: CrewList },
      },
    },
    async () => fromCrews(listCrews(catalog), catalog.defaultName),
  )
}
