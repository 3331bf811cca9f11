import swagger, { type SwaggerTransform, type SwaggerTransformObject } from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { ErrorCode } from '../errors.ts'
import { errorResponses, WEBHOOKS } from '../wire/document.ts'
import { nameOnce } from './name-once.ts'

declare module 'fastify' {
  interface FastifySchema {
    /** Codes of the errors that only this operation answers; those of all are added. */
    errors?: readonly ErrorCode[]
  }
}

/** Only what the page itself loads, from here; no inline script or style. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "img-src 'self' data:",
  "script-src 'self'",
  "style-src 'self'",
].join('; ')

const INFO = {
  title: 'Coxswain',
  summary: 'Serves crews of AI agents.',
  description:
    "CrewAI AMP's API for the crews of this server, and some operations of its own. The default crew answers at the root, each crew under `/crews/<name>`. Every error has the body `Error`.",
}

const TAGS = [
  { name: 'Default crew', description: "AMP's operations at the root, for the default crew." },
  { name: 'Crew by name', description: 'The same for each crew.' },
  { name: 'Crews and runs', description: 'What AMP has no operation for.' },
  { name: 'Administration', description: 'For whoever runs the server.' },
  { name: 'Health', description: 'For load balancers and supervisors. No token needed.' },
]

/**
 * Collects the operations of all routes that are registered after it, and serves the OpenAPI document
 * (`/openapi.json`) and a page that shows it (`/docs`).
 */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { ...INFO, version },
      servers: [{ url: '/', description: 'This server.' }],
      tags: TAGS,
      security: [{ bearer: [] }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'A token of COXSWAIN_TOKEN.' },
        },
      },
      webhooks: WEBHOOKS,
    },
    transform,
    transformObject,
  })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: CONTENT_SECURITY_POLICY })
}

/** Adds the error responses. They are documented only: nothing checks them at run time. */
const transform: SwaggerTransform = (document) => {
  const { schema, url } = jsonSchemaTransform(document)
  const described = describeResponses(document.schema?.response, schema.response)
  const errors = errorResponses(codesOf(document))
  return { url, schema: { ...schema, response: { ...described, ...errors } } }
}

/** The provider's transform drops what a schema says of itself, and OpenAPI wants a description. */
function describeResponses(schemas: unknown, responses: unknown): Record<string, unknown> {
  const descriptions = new Map(
    Object.entries(schemas ?? {}).map(([status, schema]) => [status, schema.description]),
  )
  return Object.fromEntries(
    Object.entries(responses ?? {}).map(([status, response]) => [
      status,
      { description: descriptions.get(status), ...response },
    ]),
  )
}

function codesOf({ schema, url, route }: Parameters<SwaggerTransform>[0]): readonly ErrorCode[] {
  const { body, querystring, security, errors = [] } = schema ?? {}
  const codes: ErrorCode[] = ['bad_request', 'internal', 'shutting_down', ...errors]
  if (security === undefined) codes.push('unauthorized', 'not_loopback', 'database_unavailable')
  if (url.includes(':')) codes.push('uri_too_long')
  if (querystring !== undefined || body !== undefined) codes.push('validation_failed')
  if (route.method === 'POST')
    codes.push(
      'database_full',
      'invalid_json',
      'payload_too_large',
      'unsupported_media_type',
      'unsupported_encoding',
    )
  return codes
}

const transformObject: SwaggerTransformObject = (document) =>
  nameOnce(jsonSchemaTransformObject(document))
