import { expect, test } from 'vitest'
import { z } from 'zod'
import { AppError } from '../../src/errors.ts'
import { ErrorBody, fromError, invalidFields, toFieldErrors } from '../../src/wire/error.ts'

test.each<[AppError, object]>([
  [
    new AppError('unauthorized'),
    {
      error: 'Unauthorized',
      message: 'Invalid or missing bearer token',
      detail: 'Invalid or missing bearer token',
      code: 'unauthorized',
    },
  ],
  [
    new AppError('run_not_found', { runId: 'x' }),
    {
      error: 'Execution not found',
      message: 'No execution found with ID: x',
      detail: 'No execution found with ID: x',
      code: 'run_not_found',
      state: 'NOT FOUND',
      status: 'error',
    },
  ],
  [
    new AppError('missing_inputs', { missing: ['a', 'b'] }),
    {
      error: 'Validation Error',
      message: 'Missing required inputs',
      detail: 'Missing inputs: a, b',
      code: 'missing_inputs',
      details: { missing_inputs: ['a', 'b'] },
    },
  ],
  [
    invalidFields([
      { field: 'a.b', message: 'must be c' },
      { field: 'd', message: 'must be e' },
    ]),
    {
      error: 'Validation Error',
      message: 'a.b: must be c; d: must be e',
      detail: 'a.b: must be c; d: must be e',
      code: 'validation_failed',
      details: {
        fields: [
          { field: 'a.b', message: 'must be c' },
          { field: 'd', message: 'must be e' },
        ],
      },
    },
  ],
  [
    new AppError('already_ended', { state: 'completed' }),
    {
      error: 'Invalid Request',
      message: 'Cannot stop execution. Current state: SUCCESS',
      detail: 'Cannot stop execution. Current state: SUCCESS',
      code: 'already_ended',
    },
  ],
  [
    new AppError('not_waiting'),
    {
      error: 'Invalid Request',
      message: 'Execution is not in pending human input state',
      detail: 'Execution is not in pending human input state',
      code: 'not_waiting',
    },
  ],
])('the body of $code is one for readers of both dialects', (error, body) => {
  expect(fromError(error)).toEqual(body)
  expect(ErrorBody.strict().parse(body)).toEqual(body)
})

test.each([
  ['failed', 'FAILED'],
  ['stopped', 'FAILED'],
])('a run that has %s cannot be stopped, in the words of its state', (state, spelled) => {
  const { message } = fromError(new AppError('already_ended', { state }))
  expect(message).toBe(`Cannot stop execution. Current state: ${spelled}`)
})

test('a field error names its path, and the part of the request when all of it is wrong', () => {
  const schema = z.object({ a: z.object({ b: z.string() }) })
  const errorsOf = (value: unknown) =>
    toFieldErrors(schema.safeParse(value).error ?? new z.ZodError([]), 'body')
  expect(errorsOf({ a: { b: 1 } })).toMatchObject([{ field: 'a.b' }])
  expect(errorsOf([])).toMatchObject([{ field: 'body' }])
})
