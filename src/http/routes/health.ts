import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { Healthy, Ok } from '../../wire/health.ts'

/** For anyone, and not worth a line in the log each time. */
const OPEN = { tags: ['Health'], security: [] }
const logLevel = 'warn'

/** Whether the server is there, alive, and ready. */
export const healthRoutes: FastifyPluginAsyncZod<{ assertReady: () => void }> = async (
  app,
  { assertReady },
) => {
  app.get(
    '/',
    {
      logLevel,
      schema: {
        ...OPEN,
        operationId: 'getHealth',
        summary: 'Check the health',
        description: "AMP's health check.",
        response: {
          200: { description: 'It is there.', content: { 'text/plain': { schema: Healthy } } },
        },
      },
    },
    async (_, reply) => reply.type('text/plain').send('Healthy'),
  )
  app.get(
    '/livez',
    {
      logLevel,
      schema: {
        ...OPEN,
        operationId: 'getLiveness',
        summary: 'Check the liveness',
        description: 'Answers while the process can. When it does not, restart it.',
        response: { 200: Ok },
      },
    },
    async () => OK,
  )
  app.get(
    '/readyz',
    {
      logLevel,
      schema: {
        ...OPEN,
        operationId: 'getReadiness',
        summary: 'Check the readiness',
        description:
          'Whether to send requests here: not while the server starts or shuts down, nor while its database cannot be written.',
        response: { 200: Ok },
        errors: ['not_ready'],
      },
    },
    async () => {
      assertReady()
      return OK
    },
  )
}

const OK = { status: 'ok' } as const
