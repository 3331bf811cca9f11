import { hash, timingSafeEqual } from 'node:crypto'
import bearerAuth, { type verifyBearerAuth } from '@fastify/bearer-auth'
import type { FastifyInstance } from 'fastify'

/**
 * Lets only callers with one of the tokens reach the routes of `app`; others get a 401.
 *
 * @param digests SHA-256 of the tokens. All are compared, in constant time, so that neither a token's beginning nor
 *   its place in the list shows in the time taken.
 */
export async function requireToken(
  app: FastifyInstance,
  digests: readonly Uint8Array[],
): Promise<void> {
  await app.register(bearerAuth, {
    keys: [],
    auth: (token) => isKnown(digests, token),
    // The scheme's case does not matter, as RFC 9110 says.
    specCompliance: 'rfc6749',
    // Decorates instead of adding the hook, so that refusals pass through the error handler like all others.
    addHook: false,
    verifyErrorLogLevel: 'debug',
  })
  app.addHook('onRequest', app.getDecorator<verifyBearerAuth>('verifyBearerAuth'))
}

function isKnown(digests: readonly Uint8Array[], token: string): boolean {
  const given = hash('sha256', token, 'buffer')
  return digests.map((digest) => timingSafeEqual(digest, given)).includes(true)
}
