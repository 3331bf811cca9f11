import type { FastifyHttpOptions, RawServerDefault } from 'fastify'

/** The longest folder name, and so the longest crew name. A run id has 36. */
export const MAX_PARAM_LENGTH = 255

export const CONNECTION_TIMEOUT_MS = 15_000
/** What every client gets to send a request, or to take an answer. */
const PATIENCE_MS = 9_700
/** A request or an answer that is longer than it can be in that time, at this speed, gets more. */
const MIN_BYTES_PER_MS = 1_048

/** How long a transfer of so many bytes may take, in ms. */
export function patienceMs(bytes: number): number {
  return Math.max(PATIENCE_MS, Math.ceil(bytes / MIN_BYTES_PER_MS))
}

/**
 * How much and how slowly a client may send. Fastify's own defaults left a half-sent body open after 90 s; with
 * these it was closed before 10 s were over, and half-sent headers after 5.3 s.
 */
export function limitsFor(maxBodyBytes: number) {
  return {
    bodyLimit: maxBodyBytes,
    /** From the first byte to the last of a request, in ms. */
    requestTimeout: patienceMs(maxBodyBytes),
    /** Without a byte in either direction, in ms. */
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    http: { headersTimeout: 5000, connectionsCheckingInterval: 250 },
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
  } as const satisfies FastifyHttpOptions<RawServerDefault>
}
