import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const sealedInputsMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('kickoffs').addColumn('sealedInputs', 'text').execute()
  },
}
