import { isUtf8 } from 'node:buffer'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { refusalOf } from '../crew/inputs/json.ts'
import { AppError, messageOf } from '../errors.ts'
import { refusalOfBytes } from '../wire/json.ts'

/**
 * Takes JSON bodies only, and no value that would make trouble further in: see {@link refusalOf}. An empty body
 * counts as none, of whatever type: PowerShell and `curl -d ''` call an empty POST a form.
 */
export function guardJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, read)
  app.addContentTypeParser<Buffer>('*', { parseAs: 'buffer' }, (_, body, done) => {
    done(body.length === 0 ? null : new AppError('unsupported_media_type'))
  })
  app.addHook('preValidation', async (request) => {
    for (const name of ['params', 'query', 'body'] as const) refuse(name, refusalOf(request[name]))
    if (isLarge(request)) await nextTurn()
  })
}

/** A large body would hold the loop for too long if all that is done with it were done in one turn. */
async function read(request: FastifyRequest, body: Buffer): Promise<unknown> {
  if (isEncoded(request)) throw new AppError('unsupported_encoding')
  if (body.length === 0) return undefined
  refuse('body', refusalOfBytes(body))
  if (isLarge(request)) await nextTurn()
  const value = parse(body)
  if (value instanceof AppError) throw value
  if (isLarge(request)) await nextTurn()
  return value
}

const LARGE_BYTES = 1024 * 1024

function isLarge({ headers }: FastifyRequest): boolean {
  return (
    headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > LARGE_BYTES
  )
}

/** Decoding it would let a small body grow a thousandfold. */
function isEncoded({ headers }: FastifyRequest): boolean {
  return !/^(identity)?$/i.test(headers['content-encoding'] ?? '')
}

function parse(body: Buffer): unknown {
  if (!isUtf8(body)) return new AppError('invalid_json', { reason: 'it is not UTF-8 text' })
  try {
    return JSON.parse(body.toString())
  } catch (error) {
    return new AppError('invalid_json', { reason: messageOf(error) })
  }
}

const NAMES = { params: 'path', query: 'query', body: 'body' }

function refuse(part: keyof typeof NAMES, refusal: string | null): void {
  if (refusal === null) return
  throw new AppError('bad_request', { reason: `The ${NAMES[part]} ${refusal}.` })
}
