import { z } from 'zod'
import { AppError, type FieldError } from '../errors.ts'
import { endedStateOf } from './state.ts'

const FieldProblem = z.object({
  field: z.string().describe('Path in the request.'),
  message: z.string(),
})

/** Every error body: `message` for readers of AMP's document, `detail` for readers of its live server. */
export const ErrorBody = z
  .object({
    error: z.string().describe('What kind of error it is, for people.'),
    message: z.string().describe('What was wrong, and what would be right.'),
    detail: z.string().describe('The same, for clients that look here.'),
    code: z.string().describe('What kind of error it is, for programs. Stable.'),
    details: z
      .object({
        missing_inputs: z.array(z.string()).optional().describe('Inputs to be given.'),
        fields: z.array(FieldProblem).optional().describe('What is wrong field by field.'),
      })
      .optional(),
    state: z
      .literal('NOT FOUND')
      .optional()
      .describe('Only for an unknown execution, for clients that read no HTTP status.'),
    status: z.literal('error').optional().describe('Only for an unknown execution.'),
  })
  .meta({ id: 'Error', description: 'Why a request was refused or failed.' })
export type ErrorBody = z.output<typeof ErrorBody>

export function fromError(error: AppError): ErrorBody {
  const { title, message, code } = respelled(error)
  return { error: title, message, detail: message, code, ...extrasOf(error) }
}

/** A request that breaks its schema, or whose fields are refused for another reason. */
export function invalidFields(fields: readonly FieldError[]): AppError {
  const reason = fields.map(({ field, message }) => `${field}: ${message}`).join('; ')
  return new AppError('validation_failed', { reason, fields })
}

/** @param part what is meant when the whole of it is wrong, e.g. `body` */
export function toFieldErrors({ issues }: z.core.$ZodError, part: string): readonly FieldError[] {
  return issues.map(({ path, message }) => ({ field: path.join('.') || part, message }))
}

/** What of an error's parameters has a place in the body. */
const Params = z.object({
  state: z.enum(['completed', 'failed', 'stopped']).optional().catch(undefined),
  missing: z.array(z.string()).optional().catch(undefined),
  fields: z.array(FieldProblem).optional().catch(undefined),
})

function respelled(error: AppError): AppError {
  const { state } = Params.parse(error.params)
  return error.code === 'already_ended' && state !== undefined
    ? new AppError('already_ended', { state: endedStateOf(state) })
    : error
}

function extrasOf({ code, params }: AppError): Partial<ErrorBody> {
  const { missing, fields } = Params.parse(params)
  if (code === 'run_not_found') return { state: 'NOT FOUND', status: 'error' }
  if (missing !== undefined)
    return {
      detail: `Missing inputs: ${missing.join(', ')}`,
      details: { missing_inputs: missing, ...(fields && { fields }) },
    }
  return fields === undefined ? {} : { details: { fields } }
}
