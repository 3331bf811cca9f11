import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const upkeepMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('probes')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('filler', 'text', (column) => column.notNull())
      .execute()

    await db.schema
      .createTable('deletions')
      .addColumn('runId', 'text', (column) => column.primaryKey())
      .execute()
    await db.schema
      .createIndex('runsByEnd')
      .on('runs')
      .columns(['endedAt', 'id'])
      .where(sql.ref('endedAt'), 'is not', null)
      .execute()
  },
}
