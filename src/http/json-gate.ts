import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError, messageOf } from '../errors.ts'
import { refusalOf } from '../wire/json.ts'

/**
 * Takes JSON bodies only, and no value that would make trouble further in: see {@link refusalOf}. An empty body
 * counts as none, of whatever type: PowerShell and `curl -d ''` call an empty POST a form.
 */
export function guardJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (request, body, done) => {
      const parsed = isEncoded(request) ? new AppError('unsupported_encoding') : parse(body)
      if (parsed instanceof AppError) done(parsed)
      else done(null, parsed)
    },
  )
  app.addContentTypeParser<Buffer>('*', { parseAs: 'buffer' }, (_, body, done) => {
    done(body.length === 0 ? null : new AppError('unsupported_media_type'))
  })
  app.addHook('preValidation', (request, _, done) => {
    refuse(request)
    done()
  })
}

/** Decoding it would let a small body grow a thousandfold. */
function isEncoded({ headers }: FastifyRequest): boolean {
  return !/^(identity)?$/i.test(headers['content-encoding'] ?? '')
}

/** The value, or the error that there is none. */
function parse(body: Buffer): unknown {
  if (body.length === 0) return undefined
  if (!isUtf8(body)) return new AppError('invalid_json', { reason: 'it is not UTF-8 text' })
  try {
    return JSON.parse(body.toString())
  } catch (error) {
    return new AppError('invalid_json', { reason: messageOf(error) })
  }
}

function refuse({ params, query, body }: FastifyRequest): void {
  for (const [name, value] of Object.entries({ path: params, query, body })) {
    const refusal = refusalOf(value)
    if (refusal !== null) throw new AppError('bad_request', { reason: `The ${name} ${refusal}.` })
  }
}
