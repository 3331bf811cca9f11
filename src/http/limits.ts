import type { FastifyHttpOptions, RawServerDefault } from 'fastify'

export const MAX_BODY_BYTES = 1024 * 1024
/** The longest folder name, and so the longest crew name. A run id has 36. */
export const MAX_PARAM_LENGTH = 255

/**
 * How much and how slowly a client may send. Fastify's own defaults left a half-sent body open after 90 s; with
 * these it was closed after 10 s, and half-sent headers after 6 s.
 */
export const LIMITS = {
  bodyLimit: MAX_BODY_BYTES,
  /** From the first byte to the last of a request, in ms. */
  requestTimeout: 10_000,
  /** Without a byte in either direction, in ms. */
  connectionTimeout: 15_000,
  http: { headersTimeout: 5000, connectionsCheckingInterval: 1000 },
  routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
} as const satisfies FastifyHttpOptions<RawServerDefault>
