import type { FastifyInstance } from 'fastify'
import { patienceMs } from './limits.ts'

/** Fits the buffers of the kernel, so it is out of this process as soon as it is sent. */
const SMALL_CHARACTERS = 64 * 1024

/**
 * An answer stays in memory until its reader has taken it, so a reader that takes too long is dropped. Node's own
 * time-out, which is for a connection without a byte in either direction, begins anew with every byte.
 */
export function dropSlowReaders(app: FastifyInstance): void {
  app.addHook('onSend', (_request, { raw }, payload, done) => {
    if (typeof payload === 'string' && payload.length > SMALL_CHARACTERS) {
      const timer = setTimeout(() => raw.destroy(), patienceMs(payload.length))
      raw.once('close', () => clearTimeout(timer))
    }
    done()
  })
}
