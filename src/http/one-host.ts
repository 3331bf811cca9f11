import type { FastifyInstance } from 'fastify'
import { AppError } from '../errors.ts'

/** Node keeps the first of several, a proxy before it may go by the last. Source: RFC 9112, section 3.2. */
export function requireOneHost(app: FastifyInstance): void {
  app.addHook('onRequest', ({ raw: { rawHeaders } }, _reply, done) => {
    // Names and values take turns.
    const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && isHost(name))
    const reason = 'The request has more than one Host header.'
    done(hosts.length > 1 ? new AppError('bad_request', { reason }) : undefined)
  })
}

/** Asked of every header of every request. */
function isHost(name: string): boolean {
  return name.length === 4 && name.toLowerCase() === 'host'
}
