import type { Database } from '../../db/database.ts'
import { type Position, selectRuns } from '../journal/select-runs.ts'
import type { Runs } from '../runs.ts'
import { fromCursor, toCursor } from './cursor.ts'

/** See {@link Runs.list}. */
export function createList(db: Database['db']): Runs['list'] {
  return async (filter) => {
    const after = filter.cursor === undefined ? null : toPosition(filter.cursor)
    // One more than asked for tells whether there is a next page.
    const found = await selectRuns(db, { ...filter, limit: filter.limit + 1 }, after)
    const runs = found.slice(0, filter.limit)
    const last = runs.at(-1)
    const isLast = found.length === runs.length || last === undefined
    return { runs, nextCursor: isLast ? null : toCursor(last.createdAt, last.id) }
  }
}

function toPosition(cursor: string): Position {
  const { at: createdAt, id } = fromCursor(cursor)
  return { createdAt, id }
}
