import { AppError } from '../../errors.ts'

/** Where a list goes on, as callers pass it around. */
export function toCursor(at: number, id: string): string {
  return Buffer.from(`${at}/${id}`).toString('base64url')
}

/** @throws AppError `bad_request` when it is not one of ours */
export function fromCursor(cursor: string): { readonly at: number; readonly id: string } {
  const [at = '', id] = Buffer.from(cursor, 'base64url').toString().split('/')
  if (!/^\d{1,15}$/.test(at) || id === undefined)
    throw new AppError('bad_request', {
      reason: 'cursor must be the next_cursor of the page before, unchanged.',
    })
  return { at: Number(at), id }
}
