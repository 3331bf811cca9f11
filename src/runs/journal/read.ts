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

function tasksOf(db: Db, { runId, untilSeq }: { runId: string; untilSeq: number }) {
  return db
    .selectFrom('journal as task')
    .select(COLUMNS.map((column) => `task.${column}` as const))
    .where('task.runId', '=', runId)
    .where('task.type', '=', sql.lit('task_completed'))
    .where('task.seq', '<=', untilSeq)
    .orderBy('task.seq')
}

const selectTasks = statement<{ runId: string; untilSeq: number }, Row>((db, value) =>
  tasksOf(db, { runId: value('runId'), untilSeq: value('untilSeq') }),
)

const selectTasksWithOutputs = statement<{ runId: string; untilSeq: number }, Row & OutputRow>(
  (db, value) =>
    tasksOf(db, { runId: value('runId'), untilSeq: value('untilSeq') })
      .leftJoin('journal as step', (join) =>
        join
          .onRef('step.runId', '=', 'task.runId')
          .on('step.key', '=', sql<string>`${sql.ref('task.data')} ->> 'outputStep'`),
      )
      .select('step.output'),
)

type FinishedTask = ReadEvent<EventOf<'task_completed'>>

/** Finished tasks in the order they ended, up to an event; their outputs stay where they are, and are null here. */
export async function readTasks(
  db: Db,
  runId: string,
  untilSeq: number,
): Promise<readonly FinishedTask[]> {
  const rows = await selectTasks(db, { runId, untilSeq })
  return rows.map((row) => toEvent(row, null) as FinishedTask)
}

/** The same; the output of each is that of the step it refers to. */
export async function readTasksWithOutputs(
  db: Db,
  runId: string,
  untilSeq: number,
): Promise<readonly FinishedTask[]> {
  const rows = await selectTasksWithOutputs(db, { runId, untilSeq })
  return rows.map((row) => toEvent(row, row.output) as FinishedTask)
}

const selectAnswers = statement<{ runId: string }, Row>((db, value) =>
  db
    .selectFrom('journal')
    .select(COLUMNS)
    .where('runId', '=', value('runId'))
    .where('type', '=', sql.lit('human_feedback_received'))
    .orderBy('seq', 'desc'),
)

/** The answers of people, last first. */
export async function readAnswers(
  db: Db,
  runId: string,
): Promise<readonly EventOf<'human_feedback_received'>[]> {
  const rows = await selectAnswers(db, { runId })
  return rows.map((row) => toEvent(row, null) as EventOf<'human_feedback_received'>)
}
