import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'

/** What hangs on a run beside its row: a line a table, with what orders its rows and what makes them long. */
const PARTS = [
  { table: 'journal', key: 'seq', texts: ['data', 'output'] },
  { table: 'deliveries', key: 'id', texts: ['body'] },
  { table: 'kickoffs', key: 'runId', texts: ['inputs', 'shownInputs', 'meta'] },
] as const
type Part = (typeof PARTS)[number]

/** Why a run is kept although its time is over: a line a reason. `runs` is the run. */
const NEEDED = [
  sql`exists (
    select 1 from deliveries
    where deliveries."runId" = runs.id and deliveries.status = 'pending'
  )`,
]

/** Looked at in one commit. */
const RUNS_A_STEP = 50
/** Deleted in one commit, which took 2 to 3 ms, and 16 at the 99th percentile; a longer row is deleted alone. */
const ROWS_A_STEP = 200
const BYTES_A_STEP = 1024 * 1024

/** Where a walk along the ended runs is, oldest first. */
export interface EndPosition {
  readonly endedAt: number
  readonly id: string
}

export const OLDEST: EndPosition = Object.freeze({ endedAt: 0, id: '' })

/**
 * Takes runs that ended before an instant out of sight: nobody finds them any more, and what hangs on them is to be
 * deleted, also by a later process.
 *
 * @returns how many, and where to go on; null: there are no more
 */
export async function expireRuns(
  tx: Tx,
  after: EndPosition,
  endedBefore: number,
): Promise<{ readonly count: number; readonly next: EndPosition | null }> {
  const ended = await tx
    .selectFrom('runs')
    .select(['id', 'endedAt', sql<unknown>`${sql.join(NEEDED, sql` or `)}`.as('isNeeded')])
    .where('status', 'in', ['completed', 'failed', 'stopped'])
    .where('endedAt', '<', endedBefore)
    .where(sql<boolean>`("endedAt", id) > (${after.endedAt}, ${after.id})`)
    .orderBy('endedAt')
    .orderBy('id')
    .limit(RUNS_A_STEP)
    .execute()
  const expired = ended.filter(({ isNeeded }) => !isNeeded).map(({ id }) => id)
  if (expired.length > 0) {
    await tx
      .insertInto('deletions')
      .values(expired.map((runId) => ({ runId })))
      .execute()
    await tx.deleteFrom('runs').where('id', 'in', expired).execute()
  }
  const last = ended[RUNS_A_STEP - 1]
  const next = last === undefined ? null : { id: last.id, endedAt: last.endedAt ?? 0 }
  return { count: expired.length, next }
}

/** Deletes a little of what hangs on expired runs. False: nothing is left. */
export async function deleteExpired(tx: Tx): Promise<boolean> {
  let room = { rows: ROWS_A_STEP, bytes: BYTES_A_STEP }
  while (room.rows > 0 && room.bytes > 0) {
    const next = await tx.selectFrom('deletions').select('runId').limit(1).executeTakeFirst()
    if (next === undefined) return false
    for (const part of PARTS) room = await deleteRows(tx, part, next.runId, room)
    if (room.rows > 0 && room.bytes > 0)
      await tx.deleteFrom('deletions').where('runId', '=', next.runId).execute()
  }
  return true
}

interface Room {
  readonly rows: number
  readonly bytes: number
}

/** Returns what room is left then; none when rows are. */
async function deleteRows(tx: Tx, part: Part, runId: string, room: Room): Promise<Room> {
  if (room.rows <= 0 || room.bytes <= 0) return room
  const [table, key] = [sql.table(part.table), sql.ref(part.key)]
  const bytes = part.texts.map((text) => sql`coalesce(octet_length(${sql.ref(text)}), 0)`)
  const { rows } = await sql<{ key: string | number; bytes: number }>`
    select ${key} as key, ${sql.join(bytes, sql` + `)} as bytes
    from ${table} where "runId" = ${runId} order by ${key} limit ${room.rows}
  `.execute(tx)
  const taken = takeWithin(rows, room.bytes)
  const last = taken.at(-1)
  if (last === undefined) return room
  await sql`delete from ${table} where "runId" = ${runId} and ${key} <= ${last.key}`.execute(tx)
  const isAll = taken.length === rows.length && rows.length < room.rows
  const left = taken.reduce((sum, row) => sum - row.bytes, room.bytes)
  return { rows: isAll ? room.rows - taken.length : 0, bytes: left }
}

/** The first rows of so many bytes, and one at least. */
function takeWithin<Row extends { readonly bytes: number }>(
  rows: readonly Row[],
  maxBytes: number,
): readonly Row[] {
  let sum = 0
  return rows.filter(({ bytes }, index) => {
    sum += bytes
    return index === 0 || sum <= maxBytes
  })
}
