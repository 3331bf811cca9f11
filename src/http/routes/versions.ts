import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Runs } from '../../runs/runs.ts'
import { CrewParams } from '../../wire/params.ts'
import { fromVersions, VersionList, VersionsQuery } from '../../wire/versions.ts'

/** A page of the versions of a crew, newest first. */
export const versionsRoute: FastifyPluginAsyncZod<{ runs: Runs }> = async (app, { runs }) => {
  app.get(
    '/crews/:crew/versions',
    {
      schema: {
        operationId: 'listCrewVersions',
        tags: ['Crews and runs'],
        summary: 'List the versions of a crew',
        description:
          'The versions in which the crew has been served here, newest first, with their inputs and with what changed. Executions keep to the version they were started with (`crew_version`); a kickoff may ask for one (`version`).',
        params: CrewParams,
        querystring: VersionsQuery,
        response: { 200: VersionList },
        errors: ['crew_not_found'],
      },
    },
    async ({ params, query }) => fromVersions(await runs.versions({ ...params, ...query })),
  )
}
