import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../db/database.ts'
import { statement } from '../../db/statement.ts'
import type { EventOf, RunEvent } from '../event.ts'
import { toFact } from './journal.ts'

type Db = Kysely<Tables>
type Row = Pick<Tables['journal'], 'seq' | 'at' | 'type' | 'key' | 'data'>
type OutputRow = Pick<Tables['journal'], 'output'>

/** An event, with the text it brought. */
export type ReadEvent<Event extends RunEvent = RunEvent> = Event & {
  readonly output: string | null
}

const COLUMNS = ['seq', 'at', 'type', 'key', 'data'] as const

function toEvent(row: Row, output: string | null): ReadEvent {
  const { seq, at, key } = row
  return { ...toFact(row), seq, at, key, output }
}

const selectEvent = statement<{ runId: string; seq: number }, Row & OutputRow>((db, value) =>
  db
    .selectFrom('journal')
    .select([...COLUMNS, 'output'])
    .where('runId', '=', value('runId'))
    .where('seq', '=', value('seq')),
)

export async function findEvent(
  db: Db,
  runId: string,
  seq: number,
): Promise<ReadEvent | undefined> {
  const [row] = await selectEvent(db, { runId, seq })
  return row && toEvent(row, row.output)
}

const selectStep = statement<{ runId: string; key: string }, Row & OutputRow>((db, value) =>
  db
    .selectFrom('journal')
    .select([...COLUMNS, 'output'])
    .where('runId', '=', value('runId'))
    .where('key', '=', value('key')),
)

export async function findStep(db: Db, runId: string, key: string): Promise<ReadEvent | undefined> {
  const [row] = await selectStep(db, { runId, key })
  return row && toEvent(row, row.output)
}

const selectOutput = statement<{ runId: string; key: string }, OutputRow>((db, value) =>
  db
    .selectFrom('journal')
    .select('output')
    .where('runId', '=', value('runId'))
    .where('key', '=', value('key')),
)

/** Empty when the step brought none. */
export async function findOutput(db: Db, runId: string, key: string): Promise<string> {
  const [row] = await selectOutput(db, { runId, key })
  return row?.output ?? ''
}

function tasksOf(db: Db, runId: string) {
  return db
    .selectFrom('journal as task')
    .select(COLUMNS)
    .where('runId', '=', runId)
    .where('type', '=', sql.lit('task_completed'))
}

const selectTasks = statement<{ runId: string }, Row>((db, value) => tasksOf(db, value('runId')))

const selectTasksWithOutputs = statement<{ runId: string }, Row & OutputRow>((db, value) =>
  tasksOf(db, value('runId')).select((eb) =>
    eb
      .selectFrom('journal as step')
      .select('step.output')
      .whereRef('step.runId', '=', 'task.runId')
      .where('step.key', '=', sql<string>`${sql.ref('task.data')} ->> 'outputStep'`)
      .as('output'),
  ),
)

export type FinishedTaskEvent = ReadEvent<EventOf<'task_completed'>>

/**
 * Finished tasks in the order they ended, up to an event.
 *
 * @param withOutputs true: each with the output of the step it refers to; else they stay where they are
 */
export async function readTasks(
  db: Db,
  runId: string,
  { untilSeq, withOutputs }: { readonly untilSeq: number; readonly withOutputs: boolean },
): Promise<readonly FinishedTaskEvent[]> {
  const select = withOutputs ? selectTasksWithOutputs : selectTasks
  const rows: readonly (Row & Partial<OutputRow>)[] = await select(db, { runId })
  // Not left to the database: with an order or a bound SQLite plans the statement anew each time it is run.
  return rows
    .filter(({ seq }) => seq <= untilSeq)
    .sort((a, b) => a.seq - b.seq)
    .map((row) => toEvent(row, row.output ?? null) as FinishedTaskEvent)
}

const selectAnswers = statement<{ runId: string }, Row>((db, value) =>
  db
    .selectFrom('journal')
    .select(COLUMNS)
    .where('runId', '=', value('runId'))
    .where('type', '=', sql.lit('human_feedback_received')),
)

/** The answers of people, in no order. */
export async function readAnswers(
  db: Db,
  runId: string,
): Promise<readonly EventOf<'human_feedback_received'>[]> {
  const rows = await selectAnswers(db, { runId })
  return rows.map((row) => toEvent(row, null) as EventOf<'human_feedback_received'>)
}
