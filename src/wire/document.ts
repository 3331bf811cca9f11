import { AppError, type ErrorCode } from '../errors.ts'
import { fromError } from './error.ts'
import { EXAMPLE_RUN_ID } from './fields.ts'

/** Parts of the OpenAPI document that no route's schema makes. */

/** One of each error that an operation can answer. */
const ERRORS: readonly AppError[] = [
  new AppError('bad_request', { reason: 'The query holds a NUL character.' }),
  new AppError('invalid_json', { reason: 'Unexpected end of JSON input' }),
  new AppError('not_waiting'),
  new AppError('already_ended', { state: 'completed' }),
  new AppError('unauthorized'),
  new AppError('not_loopback'),
  new AppError('run_not_found', { runId: EXAMPLE_RUN_ID }),
  new AppError('task_not_found', { taskId: 'write_task', waiting: 'reply_task' }),
  new AppError('crew_not_found', { crew: 'reserch', known: ['research'] }),
  new AppError('version_not_found', { crew: 'research', version: '2.1' }),
  new AppError('no_default_crew', { known: ['research', 'travel'] }),
  new AppError('not_failed', { state: 'completed' }),
  new AppError('stale_answer'),
  new AppError('version_not_runnable', {
    crew: 'research',
    version: '2.1',
    reason: 'the crew has no tool search_the_web any more',
  }),
  new AppError('backup_running'),
  new AppError('payload_too_large', { maxBytes: 8_388_608 }),
  new AppError('uri_too_long', { maxLength: 255 }),
  new AppError('unsupported_media_type'),
  new AppError('unsupported_encoding'),
  new AppError('missing_inputs', { missing: ['audience', 'topic'] }),
  new AppError('validation_failed', {
    reason: 'limit: Too big: expected number to be <=100',
    fields: [{ field: 'limit', message: 'Too big: expected number to be <=100' }],
  }),
  new AppError('queue_full', { queued: 10_000 }),
  new AppError('shutting_down'),
  new AppError('not_ready', { reason: 'The server is starting or shutting down.' }),
  new AppError('database_full'),
  new AppError('no_room_for_backup', { bytes: 220_000_000 }),
  new AppError('database_unavailable', { reason: 'The disk of the database reports errors.' }),
  new AppError('internal'),
]

const RETRY_AFTER = { 'Retry-After': { description: 'In seconds.', type: 'integer' } }
const HEADERS: Readonly<Record<number, object>> = {
  429: RETRY_AFTER,
  503: RETRY_AFTER,
  507: RETRY_AFTER,
}

/**
 * The error responses of an operation: by status, with an example of each code.
 *
 * @throws Error when there is no example of a code
 */
export function errorResponses(codes: readonly ErrorCode[]): Record<string, unknown> {
  const errors = ERRORS.filter(({ code }) => codes.includes(code))
  const without = codes.filter((code) => !errors.some((error) => error.code === code))
  if (without.length > 0)
    throw new Error(`There is no example of the errors ${without.join(', ')}.`)
  const byStatus = Map.groupBy(errors, ({ status }) => status)
  return Object.fromEntries(
    byStatus.entries().map(([status, group]) => [
      status,
      {
        description: group.map(({ code, title }) => `${title} (\`${code}\`)`).join(' or '),
        headers: HEADERS[status],
        content: {
          'application/json': {
            schema: refTo('Error'),
            examples: Object.fromEntries(
              group.map((error) => [error.code, { value: fromError(error) }]),
            ),
          },
        },
      },
    ]),
  )
}

/** What receivers of webhooks get. */
export const WEBHOOKS = {
  task: webhook('TaskWebhook', 'taskWebhookUrl'),
  step: webhook('StepWebhook', 'stepWebhookUrl'),
  crew: webhook('CrewWebhook', 'crewWebhookUrl'),
  humanInput: webhook('HumanInputWebhook', 'humanInputWebhook'),
}

function webhook(schema: string, field: string) {
  return {
    post: {
      operationId: `receive${schema}`,
      summary: `What ${field} is told`,
      security: [],
      requestBody: { required: true, content: { 'application/json': { schema: refTo(schema) } } },
      responses: { '2XX': { description: 'Taken. Any other answer has it sent again later.' } },
    },
  }
}

function refTo(schema: string) {
  return { $ref: `#/components/schemas/${schema}` }
}
