import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const runsMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('runs')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('crew', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('inputs', 'text', (column) => column.notNull())
      .addColumn('meta', 'text', (column) => column.notNull())
      .addColumn('webhooks', 'text', (column) => column.notNull())
      .addColumn('epoch', 'integer', (column) => column.notNull())
      .addColumn('lastSeq', 'integer', (column) => column.notNull())
      .addColumn('crashes', 'integer', (column) => column.notNull())
      .addColumn('simulated', 'integer', (column) => column.notNull())
      .addColumn('output', 'text')
      .addColumn('error', 'text')
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('startedAt', 'bigint')
      .addColumn('updatedAt', 'bigint', (column) => column.notNull())
      .addColumn('endedAt', 'bigint')
      .execute()
    await db.schema.createIndex('runsByCreation').on('runs').columns(['createdAt', 'id']).execute()
    await db.schema
      .createIndex('runsByStatus')
      .on('runs')
      .columns(['status', 'createdAt'])
      .execute()

    await db.schema
      .createTable('journal')
      .addColumn('runId', 'text', (column) => column.notNull().references('runs.id'))
      .addColumn('seq', 'integer', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('data', 'text', (column) => column.notNull())
      .addColumn('key', 'text')
      .addColumn('result', 'text')
      .addPrimaryKeyConstraint('journalPk', ['runId', 'seq'])
      .addUniqueConstraint('journalKey', ['runId', 'key'])
      .execute()

    await db.schema
      .createTable('deliveries')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('runId', 'text', (column) => column.notNull().references('runs.id'))
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('origin', 'text', (column) => column.notNull())
      .addColumn('url', 'text', (column) => column.notNull())
      .addColumn('authentication', 'text')
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('nextAttemptAt', 'bigint', (column) => column.notNull())
      .addColumn('lastStatusCode', 'integer')
      .addColumn('lastError', 'text')
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .createIndex('deliveriesDue')
      .on('deliveries')
      .columns(['status', 'origin', 'nextAttemptAt', 'id'])
      .execute()
  },
}
