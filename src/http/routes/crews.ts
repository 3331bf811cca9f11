import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { CrewList, fromCrews } from '../../wire/crews.ts'
import { type Crews, listCrews } from '../crews.ts'

/** The crews of this server. */
export const crewsRoute: FastifyPluginAsyncZod<{ crews: Crews }> = async (app, { crews }) => {
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
    async () => fromCrews(listCrews(crews), crews.defaultName),
  )
}
