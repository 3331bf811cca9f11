import type { FastifyInstance } from 'fastify'
import { AppError } from '../errors.ts'

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

/**
 * Without tokens, what a browser of this machine has open could call: a page whose name was pointed to this address, or
 * one that posts a form to it. So the request must be addressed to a loopback name, and come from no other page.
 *
 * @param origins of pages that may call all the same
 */
export function requireLoopback(app: FastifyInstance, origins: readonly string[]): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { origin } = request.headers
    const isOwn = origin === undefined || origins.includes(origin) || isLoopback(origin)
    done(isOwn && isLoopback(`http://${request.host}`) ? undefined : new AppError('not_loopback'))
  })
}

function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.test(new URL(url).hostname)
}
