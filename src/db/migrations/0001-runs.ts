import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const runsMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await createDefinitions(db)
    await createRuns(db)
    await createJournal(db)
    await createDeliveries(db)
    await createSecrets(db)
  },
}

async function createDefinitions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('definitions')
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('crew', 'text', (column) => column.notNull())
    .addColumn('label', 'text')
    .addColumn('definition', 'text', (column) => column.notNull())
    .addColumn('previous', 'text')
    .addColumn('firstServedAt', 'bigint', (column) => column.notNull())
    .addColumn('lastServedAt', 'bigint', (column) => column.notNull())
    .addColumn('codeHash', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('definitionsByCrew')
    .on('definitions')
    .columns(['crew', 'firstServedAt'])
    .execute()
}

async function createRuns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('runs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('crew', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('codeHash', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .addColumn('lastSeq', 'integer', (column) => column.notNull())
    .addColumn('crashes', 'integer', (column) => column.notNull())
    .addColumn('simulated', 'integer', (column) => column.notNull())
    .addColumn('retryAt', 'bigint')
    .addColumn('error', 'text')
    .addColumn('progress', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('startedAt', 'bigint')
    .addColumn('updatedAt', 'bigint', (column) => column.notNull())
    .addColumn('endedAt', 'bigint')
    .execute()
  await db.schema.createIndex('runsByCreation').on('runs').columns(['createdAt', 'id']).execute()
  await db.schema.createIndex('runsByStatus').on('runs').columns(['status', 'createdAt']).execute()

  await db.schema
    .createTable('kickoffs')
    .addColumn('runId', 'text', (column) => column.primaryKey())
    .addColumn('inputs', 'text', (column) => column.notNull())
    .addColumn('shownInputs', 'text')
    .addColumn('meta', 'text', (column) => column.notNull())
    .addColumn('webhooks', 'text', (column) => column.notNull())
    .execute()
}

async function createJournal(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('journal')
    .addColumn('runId', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('v', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('key', 'text')
    .addColumn('data', 'text', (column) => column.notNull())
    .addColumn('output', 'text')
    .addPrimaryKeyConstraint('journalPk', ['runId', 'seq'])
    .addUniqueConstraint('journalKey', ['runId', 'key'])
    .execute()
  // The few rows of a run that a status or an answer asks for, found without its others.
  for (const [name, type] of [
    ['journalTasks', 'task_completed'],
    ['journalAnswers', 'human_feedback_received'],
  ] as const)
    await db.schema
      .createIndex(name)
      .on('journal')
      .columns(['runId', 'seq'])
      .where(sql.ref('type'), '=', sql.lit(type))
      .execute()
}

async function createDeliveries(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('deliveries')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('runId', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('endpoint', 'text', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('body', 'text')
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('nextAttemptAt', 'bigint')
    .addColumn('lastStatusCode', 'integer')
    .addColumn('lastError', 'text')
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('deliveriesSequence', ['runId', 'endpoint', 'sequence'])
    .execute()
  // Of what is pending alone, so that what is delivered costs them nothing.
  for (const [name, columns] of [
    ['deliveriesDue', ['endpoint', 'nextAttemptAt', 'id']],
    ['deliveriesPending', ['runId', 'endpoint', 'sequence']],
  ] as const)
    await db.schema
      .createIndex(name)
      .on('deliveries')
      .columns([...columns])
      .where(sql.ref('status'), '=', sql.lit('pending'))
      .execute()

  await db.schema
    .createTable('endpoints')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('deliveredAt', 'bigint')
    .addColumn('failures', 'integer', (column) => column.notNull())
    .addColumn('failingSince', 'bigint')
    .addColumn('pausedUntil', 'bigint', (column) => column.notNull())
    .addColumn('dueAt', 'bigint')
    .addColumn('disabledAt', 'bigint')
    .addColumn('disabledReason', 'text')
    .execute()
  await db.schema
    .createIndex('endpointsDue')
    .on('endpoints')
    .columns(['dueAt', 'id'])
    .where(sql.ref('dueAt'), 'is not', null)
    .execute()
}

async function createSecrets(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('secrets')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .execute()
}
