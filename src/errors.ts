/** What is wrong with one field of a request. */
export interface FieldError {
  /** Path in the request, e.g. `humanInputWebhook.url`. */
  readonly field: string
  readonly message: string
}

/**
 * Every error a caller of the HTTP API can meet. The code is stable and public; `title` is the body's `error`,
 * the message its `message`. Source of the titles: AMP's published OpenAPI document, where it has one.
 */
export const ERRORS = {
  invalid_json: {
    status: 400,
    title: 'Invalid JSON',
    message: (p: { reason: string }) => `The request body is not valid JSON: ${p.reason}`,
  },
  bad_request: {
    status: 400,
    title: 'Bad Request',
    message: (p: { reason: string }) => p.reason,
  },
  not_waiting: {
    status: 400,
    title: 'Invalid Request',
    message: () => 'Execution is not in pending human input state',
  },
  already_ended: {
    status: 400,
    title: 'Invalid Request',
    message: (p: { state: string }) => `Cannot stop execution. Current state: ${p.state}`,
  },
  unauthorized: {
    status: 401,
    title: 'Unauthorized',
    message: () => 'Invalid or missing bearer token',
  },
  not_loopback: {
    status: 403,
    title: 'Forbidden',
    message: () =>
      "Without tokens (COXSWAIN_TOKEN=off) requests must be addressed to a loopback name such as 127.0.0.1, and come from no page but this server's own and those of CORS_ORIGINS. Set a token to be called otherwise.",
  },
  not_found: {
    status: 404,
    title: 'Not Found',
    message: (p: { method: string; path: string }) =>
      `There is no ${p.method} ${p.path}. GET /openapi.json lists every operation.`,
  },
  run_not_found: {
    status: 404,
    title: 'Execution not found',
    message: (p: { runId: string }) => `No execution found with ID: ${p.runId}`,
  },
  task_not_found: {
    status: 404,
    title: 'Task not found',
    message: (p: { taskId: string; waiting: string }) =>
      `This execution has no task ${p.taskId}. The task that waits for a person is ${p.waiting}.`,
  },
  crew_not_found: {
    status: 404,
    title: 'Crew not found',
    message: (p: { crew: string; known: readonly string[] }) =>
      `There is no crew ${p.crew}. Crews served here: ${p.known.join(', ') || 'none'}.`,
  },
  version_not_found: {
    status: 404,
    title: 'Version not found',
    message: (p: { crew: string; version: string }) =>
      `The crew ${p.crew} has no version ${p.version}. GET /crews/${p.crew}/versions lists them.`,
  },
  no_default_crew: {
    status: 404,
    title: 'Crew not found',
    message: (p: { known: readonly string[] }) =>
      `This server has several crews and no DEFAULT_CREW, so name one in the path: ${p.known.map((name) => `/crews/${name}`).join(', ')}.`,
  },
  not_failed: {
    status: 409,
    title: 'Conflict',
    message: (p: { state: string }) =>
      `Only an execution that has failed can be retried. This one is ${p.state}.`,
  },
  stale_answer: {
    status: 409,
    title: 'Conflict',
    message: () =>
      'The digest is not that of what the execution asks now: the answer is to something else. Get the status, and judge what stands in pending_human_input.',
  },
  version_not_runnable: {
    status: 409,
    title: 'Conflict',
    message: (p: { crew: string; version: string; reason: string }) =>
      `No run of the version ${p.version} of the crew ${p.crew} can be started: ${p.reason}.`,
  },
  request_timeout: {
    status: 408,
    title: 'Request Timeout',
    message: () => 'The request did not arrive in time.',
  },
  backup_running: {
    status: 409,
    title: 'Conflict',
    message: () => 'A backup is being made. Wait until it is done.',
  },
  payload_too_large: {
    status: 413,
    title: 'Payload Too Large',
    message: (p: { maxBytes: number }) => `The request body is larger than ${p.maxBytes} bytes.`,
  },
  uri_too_long: {
    status: 414,
    title: 'URI Too Long',
    message: (p: { maxLength: number }) =>
      `A part of the path is longer than ${p.maxLength} characters.`,
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported Media Type',
    message: () => 'Send the body as JSON, with the header `Content-Type: application/json`.',
  },
  unsupported_encoding: {
    status: 415,
    title: 'Unsupported Media Type',
    message: () =>
      'Send the body as it is: the encoding of the header `Content-Encoding` is not read here.',
  },
  missing_inputs: {
    status: 422,
    title: 'Validation Error',
    message: (_: { missing: readonly string[]; fields?: readonly FieldError[] }) =>
      'Missing required inputs',
  },
  validation_failed: {
    status: 422,
    title: 'Validation Error',
    message: (p: { reason: string; fields?: readonly FieldError[] }) => p.reason,
  },
  queue_full: {
    status: 429,
    title: 'Too Many Requests',
    message: (p: { queued: number }) =>
      `${p.queued} runs are queued, which is the limit. Try again later.`,
  },
  headers_too_large: {
    status: 431,
    title: 'Request Header Fields Too Large',
    message: () => 'The request headers are too large.',
  },
  shutting_down: {
    status: 503,
    title: 'Service Unavailable',
    message: () => 'The server is shutting down. Try again in a moment.',
  },
  not_ready: {
    status: 503,
    title: 'Service Unavailable',
    message: (p: { reason: string }) => p.reason,
  },
  database_full: {
    status: 507,
    title: 'Insufficient Storage',
    message: () =>
      'The disk of the database is full, so nothing can be recorded. Try again when there is room.',
  },
  no_room_for_backup: {
    status: 507,
    title: 'Insufficient Storage',
    message: (p: { bytes: number }) =>
      `A backup is first made beside the data, for which ${p.bytes} bytes must be free there.`,
  },
  database_unavailable: {
    status: 503,
    title: 'Service Unavailable',
    message: (p: { reason: string }) => p.reason,
  },
  internal: {
    status: 500,
    title: 'Internal Server Error',
    message: () => 'An unexpected error occurred',
  },
} as const

export type ErrorCode = keyof typeof ERRORS
type Params<C extends ErrorCode> = Parameters<(typeof ERRORS)[C]['message']>

/** An error whose message may be shown to the caller of the API. Anything else is answered as `internal`. */
export class AppError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AppError'
  readonly code: C
  /** HTTP status. */
  readonly status: number
  readonly title: string
  /** What the message was made of, e.g. `missing` of `missing_inputs`. */
  readonly params: Readonly<Record<string, unknown>>

  constructor(code: C, ...params: Params<C>) {
    const entry = ERRORS[code]
    super((entry.message as (params?: unknown) => string)(params[0]))
    this.code = code
    this.status = entry.status
    this.title = entry.title
    this.params = params[0] ?? {}
  }
}

/** The text of anything thrown, for logs and for messages to people. Never throws itself. */
export function messageOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error)
  } catch {
    return 'something was thrown that has no text'
  }
}
