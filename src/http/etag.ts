import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Run } from '../runs/run.ts'

/**
 * Of a reading of a run: it changes with the run's events and with who drives it when, and not with the clock. Weak, because
 * bodies of the same tag differ in their durations.
 */
function tagOf({ lastSeq, epoch, status, retryAt }: Run, query: object): string {
  const parts = [lastSeq, epoch, status, retryAt ?? '', ...Object.values(query)]
  return `W/"${parts.filter((part) => part !== '').join('.')}"`
}

/** The answer to a caller that has the same already. */
export const NOT_MODIFIED = z
  .undefined()
  .describe('Nothing has happened since the answer whose `ETag` is in `If-None-Match`.')

/** Says the tag of the answer. True when the caller has the same already, and is to be answered with 304. */
export function isKnown(request: FastifyRequest, reply: FastifyReply, run: Run): boolean {
  const tag = tagOf(run, request.query as object)
  void reply.header('etag', tag)
  const known = request.headers['if-none-match']?.split(',').map((one) => one.trim())
  return known?.includes(tag) === true
}
