import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const upkeepMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('probes')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('filler', 'text', (column) => column.notNull())
      .execute()
  },
}
