import type { Socket } from 'node:net'
import type { ConnectionError, FastifyReply, FastifyRequest } from 'fastify'
import { troubleError, troubleOf } from '../db/trouble.ts'
import { AppError } from '../errors.ts'
import { fromError } from '../wire/error.ts'
import { MAX_PARAM_LENGTH } from './limits.ts'

/** When to try again after a full queue or a restart. Some clients read digits only, so it is no date. */
const RETRY_AFTER_SECONDS = 5

/** Answers every error of a request, Fastify's own ones too. What is unknown is logged and answered as `internal`. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = toAppError(error, request)
  if (known.code === 'internal') request.log.error({ err: error }, 'request failed')
  void reply.code(known.status).headers(headersOf(known)).send(fromError(known))
}

function headersOf({ status, code }: AppError): Record<string, string> {
  if (code === 'unsupported_encoding') return { 'accept-encoding': 'identity' }
  if (status === 401) return { 'www-authenticate': 'Bearer' }
  return [429, 503, 507].includes(status) ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {}
}

function toAppError(error: unknown, { routeOptions }: FastifyRequest): AppError {
  if (error instanceof AppError) return error
  const trouble = troubleOf(error)
  if (trouble !== null) return troubleError(trouble)
  if (!isHttpError(error)) return new AppError('internal')
  switch (error.statusCode) {
    case 401:
      return new AppError('unauthorized')
    case 413:
      return new AppError('payload_too_large', { maxBytes: routeOptions.bodyLimit })
    case 414:
      return new AppError('uri_too_long', { maxLength: MAX_PARAM_LENGTH })
    case 415:
      return new AppError('unsupported_media_type')
    default:
      return new AppError('bad_request', { reason: error.message })
  }
}

/** Fastify's and its plugins' way to say that the caller is to blame. */
function isHttpError(error: unknown): error is Error & { readonly statusCode: number } {
  if (!(error instanceof Error && 'statusCode' in error)) return false
  return typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500
}

/** Answers what never became a request: headers that are no HTTP, too large, or too slow. */
export function answerConnectionError(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  if (socket.writable) socket.write(renderResponse(connectionProblem(error)))
  socket.destroy(error)
}

function connectionProblem({ code }: ConnectionError): AppError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new AppError('request_timeout')
  if (code === 'HPE_HEADER_OVERFLOW') return new AppError('headers_too_large')
  return new AppError('bad_request', { reason: 'The request is not valid HTTP.' })
}

function renderResponse(error: AppError): string {
  const body = JSON.stringify(fromError(error))
  return [
    `HTTP/1.1 ${error.status} ${error.title}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}
