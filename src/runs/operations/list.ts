import type { Database } from '../../db/database.ts'
import { AppError } from '../../errors.ts'
import { type Position, selectRuns } from '../journal/store.ts'
import type { Runs } from '../runs.ts'

/** See {@link Runs.list}. */
export function createList(db: Database['db']): Runs['list'] {
  return async (filter) => {
    const after = filter.cursor === undefined ? null : fromCursor(filter.cursor)
    // One more than asked for tells whether there is a next page.
    const found = await selectRuns(db, { ...filter, limit: filter.limit + 1 }, after)
    const runs = found.slice(0, filter.limit)
    const last = runs.at(-1)
    const nextCursor = found.length > runs.length && last !== undefined ? toCursor(last) : null
    return { runs, nextCursor }
  }
}

function toCursor({ createdAt, id }: Position): string {
  return Buffer.from(`${createdAt}/${id}`).toString('base64url')
}

function fromCursor(cursor: string): Position {
  const [createdAt = '', id] = Buffer.from(cursor, 'base64url').toString().split('/')
  if (!/^\d{1,15}$/.test(createdAt) || id === undefined)
    throw new AppError('bad_request', {
      reason: 'cursor must be the next_cursor of the page before, unchanged.',
    })
  return { createdAt: Number(createdAt), id }
}
