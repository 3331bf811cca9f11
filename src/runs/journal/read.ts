import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../db/database.ts'
import type { EventOf, RunEvent } from '../event.ts'
import { toFact } from './journal.ts'

type Db = Kysely<Tables>

/** An event, with the text it brought. */
export type ReadEvent<Event extends RunEvent = RunEvent> = Event & {
  readonly output: string | null
}

const COLUMNS = ['seq', 'at', 'type', 'key', 'data', 'output'] as const

function toEvent(row: Pick<Tables['journal'], (typeof COLUMNS)[number]>): ReadEvent {
  const { seq, at, key, output } = row
  return { ...toFact(row), seq, at, key, output }
}

export async function findEvent(
  db: Db,
  runId: string,
  seq: number,
): Promise<ReadEvent | undefined> {
  const row = await db
    .selectFrom('journal')
    .select(COLUMNS)
    .where('runId', '=', runId)
    .where('seq', '=', seq)
    .executeTakeFirst()
  return row && toEvent(row)
}

export async function findStep(db: Db, runId: string, key: string): Promise<ReadEvent | undefined> {
  const row = await db
    .selectFrom('journal')
    .select(COLUMNS)
    .where('runId', '=', runId)
    .where('key', '=', key)
    .executeTakeFirst()
  return row && toEvent(row)
}

/** Empty when the step brought none. */
export async function findOutput(db: Db, runId: string, key: string): Promise<string> {
  const row = await db
    .selectFrom('journal')
    .select('output')
    .where('runId', '=', runId)
    .where('key', '=', key)
    .executeTakeFirst()
  return row?.output ?? ''
}

/**
 * Finished tasks in the order they ended, up to an event; the output of each is that of the step it refers to.
 *
 * @param withOutputs false: the outputs stay where they are, and are null here
 */
export async function readTasks(
  db: Db,
  runId: string,
  { untilSeq, withOutputs }: { readonly untilSeq: number; readonly withOutputs: boolean },
): Promise<readonly ReadEvent<EventOf<'task_completed'>>[]> {
  let query = db
    .selectFrom('journal as task')
    .select(['task.seq', 'task.at', 'task.type', 'task.key', 'task.data'])
    .where('task.runId', '=', runId)
    .where('task.type', '=', sql.lit('task_completed'))
    .where('task.seq', '<=', untilSeq)
    .orderBy('task.seq')
    .$castTo<Pick<Tables['journal'], (typeof COLUMNS)[number]>>()
  if (withOutputs)
    query = query
      .leftJoin('journal as step', (join) =>
        join
          .onRef('step.runId', '=', 'task.runId')
          .on('step.key', '=', sql<string>`${sql.ref('task.data')} ->> 'outputStep'`),
      )
      .select('step.output')
  const rows = await query.execute()
  return rows.map((row) => toEvent({ ...row, output: row.output ?? null })) as never
}

/** The newest answers of people, last first. */
export async function readAnswers(
  db: Db,
  runId: string,
): Promise<readonly EventOf<'human_feedback_received'>[]> {
  const rows = await db
    .selectFrom('journal')
    .select(COLUMNS)
    .where('runId', '=', runId)
    .where('type', '=', sql.lit('human_feedback_received'))
    .orderBy('seq', 'desc')
    .execute()
  return rows.map(toEvent) as never
}
