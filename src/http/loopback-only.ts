import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { AppError } from '../errors.ts'

/** As it was sent: a URL parser reads an address into `127.0.0.1#.evil.example`. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i

/**
 * Without tokens, what a browser of this machine has open could call: a page whose name was pointed to this address, or
 * one that posts a form to it. So the request must be addressed to a loopback name, and come from no other page: also
 * not from one of another server on this machine.
 *
 * @param origins of pages that may call all the same
 */
export function requireLoopback(app: FastifyInstance, origins: readonly string[]): void {
  app.addHook('onRequest', ({ headers }, _reply, done) => {
    const { host = '', origin = originOf(headers, host) } = headers
    const isOwn = origin === `http://${host}` || origins.includes(origin)
    done(isOwn && LOOPBACK.test(host) ? undefined : new AppError('not_loopback'))
  })
}

/** Browsers leave the page's origin out when it asks for an image, and say only that it is another one. */
function originOf(headers: IncomingHttpHeaders, host: string): string {
  const site = headers['sec-fetch-site'] ?? 'none'
  return site === 'none' || site === 'same-origin' ? `http://${host}` : String(site)
}
